#include "os/environment.h"

#include <cstdlib>
#include <cstring>

namespace eh::host {

std::optional<std::string> take_variable(const std::string& name) {
  char* value = std::getenv(name.c_str());
  if (!value) return {};
  std::string taken = value;
  ::unsetenv(name.c_str());
  std::memset(value, 0, taken.size());
  return taken;
}

const std::map<std::string, std::string>& take_secrets(
    const std::vector<std::string>& names) {
  static std::map<std::string, std::string> kept;
  for (const auto& name : names)
    if (auto value = take_variable(name)) {
      kept.erase(name);
      if (!value->empty()) kept.emplace(name, *std::move(value));
    }
  return kept;
}

}  // namespace eh::host
