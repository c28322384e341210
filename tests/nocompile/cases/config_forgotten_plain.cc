// EH_CONFIG leaves a member of a plain struct out.
#include <eh/eh.hpp>

struct Bad {
  int x = 1;
  std::map<std::string, int> y;
};
EH_CONFIG(Bad, x)  // HERE: EH_CONFIG. does not list every member
