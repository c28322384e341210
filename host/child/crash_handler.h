// What a crashing experiment leaves behind for the host to explain: the signal,
// the address, the call stack and, if an exception caused it, its text
// (crash_file in contract/child.h). The signal then does what it does.
#pragma once

#include "child/leaf.h"

namespace eh::host::child {

/// Handles the signals of program errors and std::terminate() from now on,
/// except where someone else does already (a sanitizer). `process` is the id of
/// this process; `last_words` is called in the signal handler after the report
/// is written. All stay in use until the process ends.
void explain_crashes(Leaf& leaf, int process, void (*last_words)());

}  // namespace eh::host::child
