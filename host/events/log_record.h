// Log records, whoever made them: an experiment while it ran, or this host
// about what happened to it.
#pragma once

#include <string>

namespace eh::host {

/// Levels as in abi.h.
namespace log_level {
inline constexpr int debug = 10, info = 20, warning = 30, error = 40,
                     critical = 50;
}

struct LogRecord {
  enum Source {
    experiment_log,     ///< what an experiment logged
    experiment_output,  ///< a line of its stdout or stderr
    host,               ///< what this host says
  };
  Source source = experiment_log;
  std::string time;  ///< UTC, as of utc_text()
  int level = log_level::info;
  std::string experiment;  ///< without the group; "": of the run itself
  int process = 0;         ///< that logged it; 0: unknown
  std::string file;        ///< where it was logged; "": unknown
  unsigned line = 0;
  std::string text;  ///< may have several lines; no newline at its end
};

/// 0 for what is no level's name.
int level_of(const std::string& name);
/// "debug" ... "critical"; of a level in between that of the next lower.
const char* level_name(int level);

}  // namespace eh::host
