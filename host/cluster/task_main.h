// What a job of a cluster runs: a task of a run (task_session.h).
#pragma once

#include <string>

namespace eh::host {

/// The absolute folder of a run, and the number of the task that is number 0
/// of the job's array. Returns an exit code. Throws Error.
int task_command(const std::string& folder, const std::string& first);

}  // namespace eh::host
