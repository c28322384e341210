#include "embed/kept_secrets.h"

#include <cstdlib>
#include <cstring>
#include <map>

#include "contract/program.h"
#include "os/spawn.h"

namespace eh::host {

std::vector<std::string> environment_with_secrets() {
  static std::map<std::string, std::string> kept;
  for (const char* name : contract::secret_variables) {
    char* value = std::getenv(name);
    if (!value) continue;
    kept.erase(name);
    if (*value) kept.emplace(name, value);
    // Also out of what others see of it in /proc.
    std::memset(value, 0, std::strlen(value));
    ::unsetenv(name);
  }
  auto out = current_environment();
  for (const auto& [name, value] : kept) out.push_back(name + '=' + value);
  return out;
}

}  // namespace eh::host
