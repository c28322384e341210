// The same, deep within.
#include <complex>
#include <eh/eh.hpp>
#include <map>

struct Inner {
  std::complex<double> value;
};
struct Bad {
  std::map<std::string, std::vector<Inner>> all;
};
EH_GROUP(main, "cases", Bad);  // HERE: a configuration value is a bool, an integer, a float or double
