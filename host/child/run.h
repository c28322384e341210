// Runs one experiment in this process, in its leaf, and writes the verdict.
#pragma once

#include <cstdint>
#include <string>

namespace eh::host::child {

struct RunRequest {
  std::string plugin;  ///< absolute path
  std::uint64_t id = 0;
  std::uint64_t point = 0;
  int host_pid = 0;  ///< end when it ends; 0: nobody to look after
  std::string group;
  std::string name;
};

/// Ends the process with a contract::ExitCode.
[[noreturn]] void run_experiment(const RunRequest& request);

}  // namespace eh::host::child
