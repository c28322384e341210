// A filter of something else.
#include <eh/eh.hpp>

struct Queue {
  double load = 0.5;
  int servers = 1;
  std::string name;
};
static void simulate(eh::Run&, const Queue&) {}

EH_GROUP(main, "cases");

EH_EXPERIMENT(main, "a", simulate)
    .filter([](int) { return true; });  // HERE: filter\(\) takes bool\(const Parameters&\)
