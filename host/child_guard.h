// Outlives the host by a moment, to end what the host could not: processes
// that an experiment moved out of its process group.
#pragma once

#include <string>

namespace eh::host::child {

/// Waits until standard input closes, then kills every process of this user
/// that has EH_RUN_ID=`run_id` in its environment. Returns an exit code.
int guard_run(const std::string& run_id);

}  // namespace eh::host::child
