// Starting a process with posix_spawn, whose cost does not grow with the
// host's memory (fork's does).
#pragma once

#include <sys/types.h>

#include <string>
#include <system_error>
#include <vector>

namespace eh::host {

/// What a new process gets. It inherits no other descriptor, no blocked or
/// ignored signal, and leads a session and a process group of its own: it has
/// no terminal, which would stop it when it asks there for something.
struct Spawn {
  std::vector<std::string> arguments;  ///< [0] is the program's path
  std::vector<std::string> environment;
  std::string directory = {};  ///< "": the caller's
  std::string input = {};      ///< file for stdin; "": `input_fd`
  /// Plain file for stdout and stderr; "": the two below.
  std::string output = {};
  int input_fd = 0;
  int output_fd = 1;
  int error_fd = 2;
  std::vector<int> descriptors = {};  ///< it has these as 3, 4, ...
  bool own_group = true;
};

/// Returns the process id. Throws std::system_error.
pid_t spawn(const Spawn& spawn);

/// Whether spawn() failed for want of processes, memory or descriptors: when
/// another process ends there may be some.
bool is_shortage(const std::error_code& code);

/// This process's environment, as Spawn takes it.
std::vector<std::string> current_environment();

}  // namespace eh::host
