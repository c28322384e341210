// Real numbers for an integer, as a range.
#include <eh/eh.hpp>

struct Queue {
  double load = 0.5;
  int servers = 1;
  std::string name;
};
static void simulate(eh::Run&, const Queue&) {}

EH_GROUP(main, "cases");

EH_EXPERIMENT(main, "{servers}", simulate)
    .sweep(&Queue::servers, eh::linspace(1, 4, 4));  // HERE: the values do not have the type of the parameter
