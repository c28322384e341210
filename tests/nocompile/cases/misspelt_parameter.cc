// A parameter that the struct does not have.
#include <eh/eh.hpp>

struct Queue {
  double load = 0.5;
  int servers = 1;
  std::string name;
};
static void simulate(eh::Run&, const Queue&) {}

EH_GROUP(main, "cases");

EH_EXPERIMENT(main, "a", simulate, {.lod = 0.95});  // HERE: could not convert .*aka .?Queue
