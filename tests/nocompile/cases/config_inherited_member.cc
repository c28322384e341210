// EH_CONFIG lists a member of the base class, which does so itself.
#include <eh/eh.hpp>

struct Base : eh::Config {
  int x = 1;
};
EH_CONFIG(Base, x)
struct Bad : Base {
  int y = 1;
};
EH_CONFIG(Bad, x, y)  // HERE: EH_CONFIG lists the members of the class itself
