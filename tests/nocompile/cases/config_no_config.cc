// A class that is neither a configuration nor a plain struct.
#include <eh/eh.hpp>

class Bad {
 public:
  int x = 1;

 private:
  int y = 1;
};
EH_GROUP_NAMED(main, "cases", "cases", Bad);  // HERE: derives from eh::Config, or is a plain struct
