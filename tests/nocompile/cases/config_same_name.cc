// A value of one's own that is one of eh::Config's: files could not tell.
#include <eh/eh.hpp>

struct Bad {
  int workers = 1;
};
EH_GROUP(main, "cases", Bad);  // HERE: has the name of one of eh::Config's
