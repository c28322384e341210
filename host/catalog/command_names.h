// The words that are commands, so that no group can have them as its name:
// "clean --failed" would remove where it was to run.
#pragma once

#include <iterator>

namespace eh::host {

/// In the order of Options::Command.
inline constexpr const char* command_names[] = {
    "run",    "list",   "status", "explain", "logs",  "attach",
    "cancel", "export", "config", "plugins", "clean", "help"};

}  // namespace eh::host
