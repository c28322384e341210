// Numbers for a text.
#include <eh/eh.hpp>

struct Queue {
  double load = 0.5;
  int servers = 1;
  std::string name;
};
static void simulate(eh::Run&, const Queue&) {}

EH_GROUP(main, "cases");

EH_EXPERIMENT(main, "{name}", simulate)
    .sweep(&Queue::name, std::vector<int>{1});  // HERE: the values do not have the type of the parameter
