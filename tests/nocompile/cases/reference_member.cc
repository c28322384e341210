// A reference as a parameter.
#include <eh/eh.hpp>
#include <map>

EH_GROUP(main, "cases");

static int outside = 1;
struct Bad {
  int& x = outside;
};
static void run_bad(const Bad&) {}
EH_EXPERIMENT(main, "a", run_bad);  // HERE: a parameter struct has no reference, const or move-only
