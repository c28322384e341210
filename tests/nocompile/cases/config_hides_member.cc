// The same in a class that derives from it.
#include <eh/eh.hpp>

struct Bad : eh::Config {
  std::string salt;
};
EH_CONFIG(Bad, salt)  // HERE: has the name of one that it inherits
