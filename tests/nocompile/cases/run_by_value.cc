// A run cannot be copied.
#include <eh/eh.hpp>

struct Queue {
  double load = 0.5;
  int servers = 1;
  std::string name;
};
static void simulate(eh::Run&, const Queue&) {}

EH_GROUP(main, "cases");

static void other(eh::Run, const Queue&) {}
EH_EXPERIMENT(main, "a", other);  // HERE: an experiment's function takes \(\), \(eh::Run&\)
