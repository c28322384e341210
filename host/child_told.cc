#include "child_told.h"

#include <cstdlib>
#include <cstring>

#include "child_contract.h"

namespace eh::host::child {
namespace {

// Takes a variable out of the environment, and out of what others see of it
// in /proc.
std::string take_environment(const char* name) {
  char* value = ::getenv(name);
  if (!value) return {};
  std::string taken = value;
  ::unsetenv(name);
  std::memset(value, 0, taken.size());
  return taken;
}

// Takes one that may have been too long for one variable.
std::string take_parts(const std::string& name) {
  auto whole = take_environment(name.c_str());
  for (int part = 1; !whole.empty(); ++part) {
    const auto more =
        take_environment((name + '_' + std::to_string(part)).c_str());
    if (more.empty()) break;
    whole += more;
  }
  return whole;
}

std::string copy_environment(const char* name) {
  const char* value = ::getenv(name);
  return value ? value : "";
}

}  // namespace

Told take_told() {
  Told told{take_parts(contract::env_verdict), take_parts(contract::env_config),
            take_environment(contract::env_verdict_file),
            copy_environment(contract::env_owner),
            copy_environment(contract::env_attempt)};
  if (told.verdict_file.empty()) told.verdict_file = contract::verdict_file;
  if (const auto at = told.members.find(contract::config_mark);
      at != told.members.npos)
    told.members.replace(at, std::strlen(contract::config_mark), told.config);
  return told;
}

}  // namespace eh::host::child
