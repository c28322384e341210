// How a run ends: what became of its experiments, and what stopped it.
#pragma once

#include <optional>

#include "base/error.h"
#include "events/event.h"

namespace eh::host {

struct RunOutcome {
  Counts counts;
  int stop_signal = 0;            ///< that stopped it
  bool unwritten = false;         ///< a log or a verdict was lost
  bool max_fail_reached = false;  ///< stopped after so many failed
  std::optional<Error> broken = {};

  void count(const ExperimentEnded& ended);
  int exit_code() const;
};

}  // namespace eh::host
