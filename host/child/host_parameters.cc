#include "child/host_parameters.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "contract/child.h"
#include "os/environment.h"

namespace eh::host::child {
namespace {

// Takes one that may have been too long for one variable.
std::string take_parts(const std::string& name) {
  auto whole = take_variable(name).value_or("");
  for (int part = 1; !whole.empty(); ++part) {
    const auto more = take_variable(name + '_' + std::to_string(part));
    if (!more || more->empty()) break;
    whole += *more;
  }
  return whole;
}

std::string copy_environment(const char* name) {
  const char* value = ::getenv(name);
  return value ? value : "";
}

}  // namespace

HostParameters take_host_parameters() {
  HostParameters parameters{
      take_parts(contract::env_verdict), take_parts(contract::env_config),
      take_variable(contract::env_verdict_file).value_or(""),
      copy_environment(contract::env_owner),
      copy_environment(contract::env_attempt)};
  if (parameters.verdict_file.empty())
    parameters.verdict_file = contract::verdict_file;
  if (const auto at = parameters.members.find(contract::config_mark);
      at != parameters.members.npos)
    parameters.members.replace(at, std::strlen(contract::config_mark),
                               parameters.config);
  return parameters;
}

// Without a lease, which the experiment may have deleted, the other host has
// kept our attempt, or has moved its folder away.
bool is_fenced_off(const Leaf& leaf, int directory,
                   const HostParameters& parameters) {
  if (parameters.owner.empty()) return false;
  char target[256];
  const auto n =
      ::readlinkat(directory, contract::lease_file, target, sizeof target);
  if (n >= 0)
    return std::string_view(target, static_cast<std::size_t>(n)) !=
           parameters.owner;
  if (errno != ENOENT) return false;
  const auto kept =
      std::string(contract::attempts_folder) + '/' + parameters.attempt;
  return ::faccessat(directory, kept.c_str(), F_OK, 0) == 0 ||
         leaf.is_replaced();
}

}  // namespace eh::host::child
