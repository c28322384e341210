// A member of another struct.
#include <eh/eh.hpp>

struct Queue {
  double load = 0.5;
  int servers = 1;
  std::string name;
};
static void simulate(eh::Run&, const Queue&) {}

EH_GROUP(main, "cases");

struct Other {
  int servers = 1;
};
EH_EXPERIMENT(main, "{servers}", simulate)
    .sweep(&Other::servers, {1});  // HERE: no matching function for call|mismatched types|invalid conversion|cannot convert
