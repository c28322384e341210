// An optional whose emptiness has two meanings.
#include <eh/eh.hpp>

struct Bad : eh::Config {
  std::optional<std::optional<int>> x;
};
EH_CONFIG(Bad, x)  // HERE: no optional of an optional
