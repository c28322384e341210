// A struct within the struct.
#include <eh/eh.hpp>
#include <map>

EH_GROUP(main, "cases");

struct Inner {
  int x = 1;
};
struct Bad {
  Inner inner;
};
static void run_bad(const Bad&) {}
EH_EXPERIMENT(main, "a", run_bad);  // HERE: a parameter is a bool, an integer, a float or double
