// What theory says about the mean wait in a first come, first served queue
// with Poisson arrivals. Times are in units of the mean service time.
#pragma once

#include <string_view>

/// How long a customer is served; the mean is 1.
enum class Service { exponential, deterministic, lognormal, hyperexponential };

/// Variance over squared mean of a service time.
double squared_variation(Service service);

/// Probability that a call finds all servers busy and is lost, at an offered
/// traffic in erlang. A. K. Erlang, "Solution of some Problems in the Theory
/// of Probabilities of Significance in Automatic Telephone Exchanges", 1917.
double erlang_b(int servers, double traffic);

/// Probability that a customer has to wait. 0 <= traffic < servers. Erlang
/// 1917; L. Kleinrock, "Queueing Systems I", 1975, section 3.5.
double erlang_c(int servers, double traffic);

/// Mean wait in M/M/c at a utilisation 0 <= load < 1 of each server.
double erlang_wait(int servers, double load);

/// Mean wait in M/G/1 (Pollaczek 1930, Khinchine 1932; Kleinrock, "Queueing
/// Systems I", equation 5.70).
double pollaczek_khinchine_wait(double load, double variation);

struct Theory {
  std::string_view formula;
  bool exact = true;
  double wait = 0;
};

/// The formula that fits. For M/G/c there is no exact one; that of A. O. Allen
/// and J. Cunneen (Allen, "Probability, Statistics, and Queueing Theory with
/// Computer Science Applications", 1990) is taken.
Theory mean_wait(Service service, int servers, double load);
