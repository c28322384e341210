// A placeholder that is not a parameter.
#include <eh/eh.hpp>

struct Queue {
  double load = 0.5;
  int servers = 1;
  std::string name;
};
static void simulate(eh::Run&, const Queue&) {}

EH_GROUP(main, "cases");

EH_EXPERIMENT(main, "a/{lod}", simulate);  // HERE: the name has a {placeholder} that is not a member
