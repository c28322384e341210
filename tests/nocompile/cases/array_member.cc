// An array as a parameter.
#include <eh/eh.hpp>
#include <map>

EH_GROUP(main, "cases");

struct Bad {
  int first = 1;
  int x[3] = {1, 2, 3};
};
static void run_bad(const Bad&) {}
EH_EXPERIMENT(main, "a", run_bad);  // HERE: a parameter struct has no array member
