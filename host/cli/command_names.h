// The words that are commands, for who reads them and for who misspelt one.
#pragma once

#include <iterator>
#include <string>
#include <vector>

namespace eh::host {

/// In the order of Options::Command.
inline constexpr const char* command_names[] = {
    "run",    "list",   "status", "explain", "logs",  "attach",
    "cancel", "export", "config", "plugins", "clean", "help"};

inline std::vector<std::string> with_command_names(
    std::vector<std::string> names) {
  names.insert(names.end(), std::begin(command_names), std::end(command_names));
  return names;
}

}  // namespace eh::host
