// What squeue's words mean for whoever waits for a task.
#pragma once

#include <string>
#include <vector>

#include "cluster/slurm/client.h"

namespace eh::host {

enum class TaskPhase {
  pending,  ///< also held, or put back into the queue
  running,  ///< on nodes, in whatever way
  ended,
  unknown,  ///< a word of a later version: no end
};
TaskPhase phase_of(const std::string& state);

/// Why a pending task does not start.
struct Hindrance {
  enum Kind {
    none,       ///< it waits for its turn
    clearable,  ///< somebody has to do something
    never,      ///< it cannot start as it was submitted
  } kind = none;
  std::string advice;  ///< what that is, or what to change
};
Hindrance hindrance_of(const std::string& reason);

/// "12", or of tasks of an array "12_[0-3,7]": as scancel takes them. Of many,
/// several words.
std::vector<std::string> job_words(const std::vector<QueuedTask>& tasks);

/// "2026-01-31 14:05" of squeue's "2026-01-31T14:05:00"; "" if it is no time.
std::string start_text(const std::string& start);

}  // namespace eh::host
