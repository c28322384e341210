// What a host that watches a run does with the outside: time, signals, and
// the scheduler, which may hang and so is asked by a thread. The seam behind
// which tests put a fake.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cluster/scheduler.h"
#include "run/processes.h"

namespace eh::host {

struct QueueAnswer {
  std::optional<std::vector<QueuedTask>> tasks;  ///< nothing: it failed
  std::string error;
  double seconds = 0;  ///< that it took
};

class WatchIo {
 public:
  virtual ~WatchIo() = default;

  virtual Clock::time_point now() const = 0;
  /// Waits until something happens, or until `deadline`. Returns the signals
  /// that were sent to this process to stop it.
  virtual std::vector<int> wait(Clock::time_point deadline) = 0;

  /// Asks the scheduler for the jobs of these names. Not before the last answer
  /// was taken.
  virtual void ask_queue(const std::vector<std::string>& names) = 0;
  virtual std::optional<QueueAnswer> take_answer() = 0;

  enum Choice { cancel, leave, go_on };
  /// Lets a person at the terminal choose; nothing if there is none.
  virtual std::optional<Choice> ask_person() = 0;

  /// For calls that have to be waited for.
  virtual Scheduler& scheduler() = 0;
};

/// Takes SIGINT, SIGTERM and SIGHUP from the rest of the process while it
/// lives. `connect` makes a scheduler for each of the threads that ask it;
/// `pause` clears the terminal for a question.
std::unique_ptr<WatchIo> make_watch_io(
    const std::function<std::unique_ptr<Scheduler>()>& connect,
    std::function<void()> pause);

}  // namespace eh::host
