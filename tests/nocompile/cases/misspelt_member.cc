// Sweeping a member that does not exist.
#include <eh/eh.hpp>

struct Queue {
  double load = 0.5;
  int servers = 1;
  std::string name;
};
static void simulate(eh::Run&, const Queue&) {}

EH_GROUP(main, "cases");

EH_EXPERIMENT(main, "{load}", simulate)
    .sweep(&Queue::lod, {0.5});  // HERE: .lod. is not a member of .Queue
