// A name with a placeholder that does not end.
#include <eh/eh.hpp>

struct Queue {
  double load = 0.5;
  int servers = 1;
  std::string name;
};
static void simulate(eh::Run&, const Queue&) {}

EH_GROUP(main, "cases");

EH_EXPERIMENT(main, "a{load", simulate);  // HERE: a brace that stands alone
