// Errors that end a command, and the exit codes users see.
#pragma once

#include <stdexcept>
#include <string>

namespace eh::host {

/// Exit codes of eh-host, as printed by --help. Ended by signal n: 128 + n.
enum ExitCode : int {
  exit_done = 0,
  exit_internal = 1,
  exit_usage = 2,
  exit_bad_plugin = 3,
  exit_no_match = 4,
  exit_failed = 100,
  exit_max_fail = 101,
  exit_pending = 102,
  exit_write = 110,
};

/// "cannot <do what>: <reason> (<what to do>)", and the code to exit with.
class Error : public std::runtime_error {
 public:
  Error(ExitCode code, const std::string& message)
      : std::runtime_error(message), code_(code) {}
  ExitCode code() const { return code_; }
  /// No experiment is meant: by a mistake, or because none is --failed or the
  /// like, which is what scripts hope for, and no failure.
  bool is_no_match() const {
    return code_ == exit_no_match || code_ == exit_done;
  }

 private:
  ExitCode code_;
};

/// "No such file or directory" for ENOENT.
std::string errno_text(int error);

}  // namespace eh::host
