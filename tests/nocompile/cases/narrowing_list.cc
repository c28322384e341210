// Real numbers for an integer, as a list.
#include <eh/eh.hpp>

struct Queue {
  double load = 0.5;
  int servers = 1;
  std::string name;
};
static void simulate(eh::Run&, const Queue&) {}

EH_GROUP(main, "cases");

EH_EXPERIMENT(main, "{servers}", simulate)
    .sweep(&Queue::servers, {1, 2.5});  // HERE: narrowing conversion
