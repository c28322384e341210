// A group whose configuration is no class.
#include <eh/eh.hpp>

EH_GROUP(main, "cases", int);  // HERE: a configuration is a class
