// A member that cannot be written into a name.
#include <eh/eh.hpp>
#include <map>

EH_GROUP(main, "cases");

struct Bad {
  std::map<int, int> table;
};
static void run_bad(const Bad&) {}
EH_EXPERIMENT(main, "a", run_bad);  // HERE: a parameter is a bool, an integer, a float or double
