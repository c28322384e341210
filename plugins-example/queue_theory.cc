#include "queue_theory.h"

double squared_variation(Service service) {
  switch (service) {
    case Service::exponential:
      return 1;
    case Service::deterministic:
      return 0;
    case Service::lognormal:
      return 2;
    case Service::hyperexponential:
      return 4;
  }
  return 1;
}

// The recursion over the number of servers, which unlike the sum of powers and
// factorials neither overflows nor loses digits.
double erlang_b(int servers, double traffic) {
  double blocked = 1;
  for (int n = 1; n <= servers; ++n)
    blocked = traffic * blocked / (n + traffic * blocked);
  return blocked;
}

double erlang_c(int servers, double traffic) {
  const double blocked = erlang_b(servers, traffic);
  return blocked / (1 - traffic / servers * (1 - blocked));
}

double erlang_wait(int servers, double load) {
  return erlang_c(servers, servers * load) / (servers * (1 - load));
}

double pollaczek_khinchine_wait(double load, double variation) {
  return load * (1 + variation) / (2 * (1 - load));
}

Theory mean_wait(Service service, int servers, double load) {
  const double variation = squared_variation(service);
  if (service == Service::exponential)
    return {"Erlang C", true, erlang_wait(servers, load)};
  if (servers == 1)
    return {"Pollaczek-Khinchine", true,
            pollaczek_khinchine_wait(load, variation)};
  return {"Allen-Cunneen", false,
          erlang_wait(servers, load) * (1 + variation) / 2};
}
