// A map whose keys are not texts.
#include <eh/eh.hpp>
#include <map>

struct Bad : eh::Config {
  std::map<int, int> all;
};
EH_CONFIG(Bad, all)  // HERE: a configuration value is a bool, an integer, a float or double
