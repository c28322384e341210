// An array of C.
#include <eh/eh.hpp>

struct Bad {
  int first = 1;
  std::optional<std::string> second;
  int x[3] = {1, 2, 3};
};
EH_GROUP(main, "cases", Bad);  // HERE: a configuration has no array member
