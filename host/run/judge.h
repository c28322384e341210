// Judges how an attempt ended, from the child's exit, its verdict and what a
// crash left, and writes the verdict of a child that could not.
#pragma once

#include <functional>
#include <string>

#include "events/event.h"
#include "leaf/leaf.h"
#include "run/processes.h"

namespace eh::host {

/// What the runner knows of an attempt that ended.
struct AttemptEnd {
  Exit exit;
  bool timed_out = false;
  bool asked_to_stop = false;
  bool oom_kill = false;  ///< it was killed by the kernel for memory
  bool oom_loss = false;  ///< a process that it started was, it seems
  double timeout = 0;     ///< seconds
  std::string start;      ///< as in verdicts
  double seconds = 0;
  unsigned attempt = 1;
  /// Why it was timed out or asked to stop, for the message; "": as usual.
  std::string why_stopped = {};
};

/// Everything but the name is filled in. `members` gives the members of the
/// verdict that are known before; it is asked only if one has to be written.
/// Throws std::system_error if the verdict can be neither found nor written.
ExperimentEnded judge_attempt(ResultTree& tree, const std::string& leaf,
                              const AttemptEnd& end,
                              const std::function<std::string()>& members);

}  // namespace eh::host
