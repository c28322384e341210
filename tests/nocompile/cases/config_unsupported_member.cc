// A configuration value of a type that has no form in a file.
#include <eh/eh.hpp>
#include <variant>

struct Bad : eh::Config {
  std::variant<int, std::string> either;
};
EH_CONFIG(Bad, either)  // HERE: a configuration value is a bool, an integer, a float or double
