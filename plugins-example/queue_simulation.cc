#include "queue_simulation.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>
#include <string>

namespace {

/// Uniform in (0, 1]: never 0, of which there is no logarithm.
double uniform(std::mt19937_64& generator) {
  return static_cast<double>((generator() >> 11) + 1) * 0x1p-53;
}

double exponential(std::mt19937_64& generator) {
  return -std::log(uniform(generator));
}

}  // namespace

// Two exponential phases with equal shares of the work ("balanced means");
// Allen 1990, section 3.2.9.
ServiceTimes::ServiceTimes(Service service, std::mt19937_64& generator)
    : service_(service), generator_(generator) {
  const double variation = squared_variation(Service::hyperexponential);
  likely_ = (1 + std::sqrt((variation - 1) / (variation + 1))) / 2;
}

double ServiceTimes::operator()() {
  switch (service_) {
    case Service::exponential:
      return exponential(generator_);
    case Service::deterministic:
      return 1;
    case Service::lognormal: {
      const double variance = std::log1p(squared_variation(Service::lognormal));
      return std::exp(std::sqrt(variance) * normal() - variance / 2);
    }
    case Service::hyperexponential: {
      const bool short_phase = uniform(generator_) <= likely_;
      const double phase = short_phase ? likely_ : 1 - likely_;
      return exponential(generator_) / (2 * phase);
    }
  }
  return 1;
}

// G. E. P. Box and M. E. Muller, 1958.
double ServiceTimes::normal() {
  const double radius = std::sqrt(2 * exponential(generator_));
  return radius * std::cos(2 * std::acos(-1.0) * uniform(generator_));
}

QueueSimulation::QueueSimulation(Service service, int servers, double load,
                                 std::mt19937_64& arrivals,
                                 std::mt19937_64& services)
    : arrivals_(arrivals),
      service_times_(service, services),
      arrival_rate_(servers * load) {
  if (servers < 1)
    throw std::invalid_argument("cannot simulate a queue with " +
                                std::to_string(servers) +
                                " servers (use at least 1)");
  if (!(load > 0 && load < 1))
    throw std::invalid_argument("cannot simulate a queue at a load of " +
                                std::to_string(load) +
                                " (use more than 0 and less than 1)");
  free_.assign(static_cast<std::size_t>(servers), 0.0);
}

// J. Kiefer and J. Wolfowitz, "On the theory of queues with many servers",
// 1955: a customer gets the server that is free first. With one server this is
// Lindley's recursion of 1952.
double QueueSimulation::next_wait() {
  const double interval = exponential(arrivals_) / arrival_rate_;
  for (double& busy : free_) busy = std::max(0.0, busy - interval);
  std::pop_heap(free_.begin(), free_.end(), std::greater<>());
  const double wait = free_.back();
  free_.back() = wait + service_times_();
  std::push_heap(free_.begin(), free_.end(), std::greater<>());
  return wait;
}

double QueueSimulation::average_wait(long customers) {
  double sum = 0;
  for (long i = 0; i < customers; ++i) sum += next_wait();
  return sum / static_cast<double>(customers);
}
