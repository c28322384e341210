// EH_CONFIG leaves a member out.
#include <eh/eh.hpp>

struct Bad : eh::Config {
  int x = 1;
  std::optional<std::string> y;
};
EH_CONFIG(Bad, x)  // HERE: EH_CONFIG does not list every member of the class
