// The class between has no EH_CONFIG: its members would be missing.
#include <eh/eh.hpp>

struct Base : eh::Config {
  int x = 1;
};
struct Bad : Base {
  int y = 1;
};
EH_CONFIG(Bad, y)  // HERE: after each class that this one derives from
