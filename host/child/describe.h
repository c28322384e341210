// Asks a plugin what it has and writes the answer as JSON, so that the host
// need not load it.
#pragma once

#include <string>

namespace eh::host::child {

/// Writes the description of the plugin at an absolute path, or
/// {"error":"..."}, to standard output and ends the process with 0 or 1. What
/// the plugin prints itself goes to standard error.
[[noreturn]] void describe_plugin(const std::string& path);

}  // namespace eh::host::child
