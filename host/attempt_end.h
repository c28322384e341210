// Judges how an attempt ended, from the child's exit, its verdict and what a
// crash left, and writes the verdict of a child that could not.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "event.h"
#include "leaf.h"
#include "process.h"

namespace eh::host {

/// What the runner knows of an attempt that ended.
struct AttemptEnd {
  Exit exit;
  bool timed_out = false;
  bool asked_to_stop = false;
  bool oom_kill = false;  ///< the kernel killed something for memory meanwhile
  double timeout = 0;     ///< seconds
  std::string start;      ///< as in verdicts
  double seconds = 0;
  unsigned attempt = 1;
};

/// Everything but the name is filled in. `members` gives the members of the
/// verdict that are known before; it is asked only if one has to be written.
/// Throws std::system_error if the verdict can be neither found nor written.
ExperimentEnded judge_attempt(ResultTree& tree, const std::string& leaf,
                              const AttemptEnd& end,
                              const std::function<std::string()>& members);

/// How often the kernel has killed a process for memory since boot; 0 if it
/// does not say. Source: /proc/vmstat, proc(5).
std::uint64_t kernel_oom_kills();

}  // namespace eh::host
