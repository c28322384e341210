// A name that no shell and no folder likes.
#include <eh/eh.hpp>

struct Queue {
  double load = 0.5;
  int servers = 1;
  std::string name;
};
static void simulate(eh::Run&, const Queue&) {}

EH_GROUP(main, "cases");

EH_EXPERIMENT(main, "a b", simulate);  // HERE: an experiment's name is made of letters
