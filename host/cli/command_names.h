// The words that are commands, for who reads them and for who misspelt one.
#pragma once

#include <iterator>

namespace eh::host {

/// In the order of Options::Command.
inline constexpr const char* command_names[] = {
    "run",    "list",   "status", "explain", "logs",  "attach",
    "cancel", "export", "config", "plugins", "clean", "help"};

}  // namespace eh::host
