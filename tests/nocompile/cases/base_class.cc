// A struct with a base class.
#include <eh/eh.hpp>
#include <map>

EH_GROUP(main, "cases");

struct Base {
  int x = 1;
};
struct Bad : Base {
  int y = 1;
};
static void run_bad(const Bad&) {}
EH_EXPERIMENT(main, "a", run_bad);  // HERE: a parameter struct has no base class
