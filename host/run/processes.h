// Child processes: start, wait, signal. The seam behind which the runner's
// tests put a fake; the real one is the only unit with Boost.Process.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"

namespace eh::host {

struct Launch {
  std::vector<std::string> arguments;    ///< [0] is the program's path
  std::vector<std::string> environment;  ///< "NAME=value"
  std::string directory;                 ///< absolute
  /// Gets stdout and stderr, appended, relative to `directory`; "": the
  /// caller's own terminal, with its stdin and process group.
  std::string output;
};

/// How a process ended: by an exit code or by a signal, never both.
struct Exit {
  std::optional<int> code;
  int signal = 0;
  double cpu_seconds = 0;  ///< of it and of the children it waited for
};

class Processes {
 public:
  virtual ~Processes() = default;

  using Id = int;  ///< of the process and of its process group

  /// Starts a process, or throws std::system_error.
  virtual Id start(const Launch& launch) = 0;

  /// What wait() saw. Signals are those sent to this process to stop it.
  struct Wake {
    std::vector<std::pair<Id, Exit>> ended;
    std::vector<int> signals;
  };
  /// Waits until something happens, or until `deadline`.
  virtual Wake wait(Clock::time_point deadline) = 0;

  /// Sends `signal` to the process and all of its group; what was stopped goes
  /// on, to act on it.
  virtual void signal_group(Id process, int signal) = 0;

  /// What an ended process left behind: its group, and descendants that left
  /// the group.
  struct Left {
    std::size_t found = 0;  ///< since it ended
    bool any = false;       ///< some are still there
  };
  /// Sends SIGTERM to what of it has not got that yet, or SIGKILL to all of it;
  /// where it did, it waits a moment for their ends. After SIGKILL, or when
  /// none is left, it knows no more of the process.
  virtual Left sweep(Id process, int signal) = 0;

  virtual Clock::time_point now() const = 0;
};

/// Processes of this machine. Installs handlers for SIGINT, SIGTERM, SIGHUP and
/// `more` while it lives. All calls are to be made from the thread that made
/// it, which has to be the main thread: children die with that thread.
///
/// Starts `child`, the path of eh-child, as a guard: if this process ends in
/// whatever way, the guard kills what has EH_OWNER=`owner` in its environment.
std::unique_ptr<Processes> make_processes(const std::string& child,
                                          const std::string& owner,
                                          const std::vector<int>& more = {});

/// How many can run at once with the descriptors that this process may have:
/// each takes one, and its logs some.
std::size_t most_processes();

}  // namespace eh::host
