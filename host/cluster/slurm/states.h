// What the words of squeue and scontrol mean for a host that waits for a task.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cluster/scheduler.h"

namespace eh::host {

TaskPhase phase_of(const std::string& state);
/// Of the state of a task that has ended.
TaskOutcome outcome_of(const std::string& state);
Hindrance hindrance_of(const std::string& reason);

/// What `scontrol -o show job` printed of one or several tasks.
struct ShownTask {
  TaskPhase phase = TaskPhase::unknown;
  TaskExit task_exit;
};
std::vector<ShownTask> parse_shown(std::string_view text);

/// What SLURM prints where it has nothing to say is "".
std::string said(const std::string& text);

/// "12", or of tasks of an array "12_[0-3,7]": as scancel takes them. Of many,
/// several words.
std::vector<std::string> job_words(const std::vector<QueuedTask>& tasks);

/// "2026-01-31 14:05" of squeue's "2026-01-31T14:05:00"; "" if it is no time.
std::string start_text(const std::string& start);

}  // namespace eh::host
