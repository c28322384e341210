// A value where values belong.
#include <eh/eh.hpp>

struct Queue {
  double load = 0.5;
  int servers = 1;
  std::string name;
};
static void simulate(eh::Run&, const Queue&) {}

EH_GROUP(main, "cases");

EH_EXPERIMENT(main, "{servers}", simulate)
    .sweep(&Queue::servers, 4);  // HERE: sweep\(\) takes the values as a list or a range
