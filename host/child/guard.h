// Outlives the host by a moment, to end what the host could not: processes
// that an experiment moved out of its process group.
#pragma once

#include <string>

namespace eh::host::child {

/// Waits until standard input closes, then kills every process of this user
/// that has EH_OWNER=`owner` in its environment: at once, since another host
/// may take over what they were started for. Returns an exit code.
int guard(const std::string& owner);

}  // namespace eh::host::child
