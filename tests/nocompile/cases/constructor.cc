// A struct with a constructor.
#include <eh/eh.hpp>
#include <map>

EH_GROUP(main, "cases");

struct Bad {
  Bad() {}
  int x = 1;
};
static void run_bad(const Bad&) {}
EH_EXPERIMENT(main, "a", run_bad);  // HERE: a parameter struct is a plain aggregate
