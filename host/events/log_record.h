// Log records, whoever made them: an experiment while it ran, or this host
// about what happened to it.
#pragma once

#include <string>

#include "contract/log_level.h"

namespace eh::host {

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

}  // namespace eh::host
