// Simulates a first come, first served queue with Poisson arrivals and several
// equal servers, one customer after the other. It knows nothing of eh, so that
// it can be tested and used alone.
#pragma once

#include <random>
#include <utility>
#include <vector>

#include "queue_theory.h"

/// Random times with mean 1. They are made from the generator's bits by hand,
/// since the standard's distributions differ between libraries.
class ServiceTimes {
 public:
  ServiceTimes(Service service, std::mt19937_64& generator);
  double operator()();

 private:
  double normal();

  Service service_;
  std::mt19937_64& generator_;
  double likely_ = 0;  // hyperexponential: probability of the short phase
};

class QueueSimulation {
 public:
  /// 0 < load < 1 is the utilisation of each of the servers. Throws
  /// std::invalid_argument. The generators have to outlive this.
  QueueSimulation(Service service, int servers, double load,
                  std::mt19937_64& arrivals, std::mt19937_64& services);

  /// Time that the next customer waits for a server.
  double next_wait();
  /// Average over the next customers.
  double average_wait(long customers);

  /// How long each server is still busy: all that a simulation knows, beside
  /// its generators.
  const std::vector<double>& busy() const { return free_; }
  void go_on_from(std::vector<double> busy) { free_ = std::move(busy); }

 private:
  std::mt19937_64& arrivals_;
  ServiceTimes service_times_;
  double arrival_rate_;
  std::vector<double> free_;  // a heap: how long each server is still busy,
                              // seen from the newest arrival; least on top
};
