// A class that derives from eh::Config, and no EH_CONFIG.
#include <eh/eh.hpp>

struct Bad : eh::Config {
  int x = 1;
};
EH_GROUP(main, "cases", Bad);  // HERE: write EH_CONFIG
