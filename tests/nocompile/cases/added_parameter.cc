// A parameter that the struct does not have, in a loop.
#include <eh/eh.hpp>

struct Queue {
  double load = 0.5;
  int servers = 1;
  std::string name;
};
static void simulate(eh::Run&, const Queue&) {}

EH_GROUP(main, "cases");

EH_REGISTER(main, group) {
  group.add("a", simulate, {.lod = 1});  // HERE: no matching function|no known conversion
}
