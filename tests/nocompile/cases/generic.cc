// A generic function does not tell its struct.
#include <eh/eh.hpp>

struct Queue {
  double load = 0.5;
  int servers = 1;
  std::string name;
};
static void simulate(eh::Run&, const Queue&) {}

EH_GROUP(main, "cases");

EH_REGISTER(main, group) {
  group.add("a", [](auto& run, const auto& p) { run.log().info(p.name); });  // HERE: name the struct: eh::with<Struct>
}
