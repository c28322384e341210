// A secret of one's own would never arrive.
#include <eh/eh.hpp>

struct Bad : eh::Config {
  eh::Secret password;
};
EH_CONFIG(Bad, password)  // HERE: a configuration value is a bool, an integer, a float or double
