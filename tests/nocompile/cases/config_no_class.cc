// A group whose configuration is not a class.
#include <eh/eh.hpp>

EH_GROUP(main, "cases", int);  // HERE: a configuration is a class
