// Levels of log records, as experiments give them and people name them.
#pragma once

#include <string>

namespace eh::host {

/// Levels as in abi.h.
namespace log_level {
inline constexpr int debug = 10, info = 20, warning = 30, error = 40,
                     critical = 50;
}

/// 0 for what is not a level's name.
int level_of(const std::string& name);
/// "debug" ... "critical"; of a level in between that of the next lower.
const char* level_name(int level);

}  // namespace eh::host
