// EH_PARAMETERS leaves a member out.
#include <eh/eh.hpp>
#include <map>

EH_GROUP(main, "cases");

struct Bad {
  int x = 1;
  int y = 1;
};
EH_PARAMETERS(Bad, x)
static void run_bad(const Bad&) {}
EH_EXPERIMENT(main, "a", run_bad);  // HERE: EH_PARAMETERS does not list every member
