#include "embed/find_host.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "base/error.h"
#include "base/text.h"
#include "contract/program.h"

namespace eh::host {
namespace {

bool is_program(const std::string& path) {
  struct stat info;
  return ::access(path.c_str(), X_OK) == 0 &&
         ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

}  // namespace

std::string find_host(const OwnProgram& program) {
  const auto beside =
      program.path.substr(0, program.path.find_last_of('/') + 1) + "eh-host";
  // A program may itself be called so.
  if (beside != program.path && is_program(beside)) return beside;
  if (const auto named = variable(contract::env_host); !named.empty()) {
    if (is_program(named)) return named;
    throw Error(exit_usage,
                "cannot start eh-host: '" + named + "', which " +
                    contract::env_host +
                    " names, is not a program (name eh-host there, or"
                    " unset it)");
  }
  const auto& built_with = program.built_with;
  if (is_program(built_with)) return built_with;
  for (const auto& folder : split(variable("PATH"), ':'))
    if (const auto path = folder + "/eh-host"; is_program(path)) return path;
  throw Error(exit_usage,
              "cannot find eh-host: it is not at '" + beside + "'" +
                  (built_with.empty() ? "" : ", not at '" + built_with + "'") +
                  " and not in PATH (install eh, or name its eh-host by the"
                  " variable " +
                  contract::env_host + ")");
}

}  // namespace eh::host
