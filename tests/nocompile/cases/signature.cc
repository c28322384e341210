// A function with other arguments.
#include <eh/eh.hpp>

struct Queue {
  double load = 0.5;
  int servers = 1;
  std::string name;
};
static void simulate(eh::Run&, const Queue&) {}

EH_GROUP(main, "cases");

static void other(int) {}
EH_EXPERIMENT(main, "a", other);  // HERE: an experiment's function takes \(\), \(eh::Run&\)
