// The folder <output>/.eh/runs/<run id>/: what a run was, and what happened.
#pragma once

#include <string>

#include "event.h"
#include "file.h"

namespace eh::host {

/// Unique, sortable by time: "20260131T100000Z-1f2e3d".
std::string new_run_id();

class RunFolder {
 public:
  /// Makes it below the tree `tree`, with the run's command in run.json, and
  /// lets .eh/runs/latest point to it. Throws std::system_error.
  RunFolder(int tree, const RunStarted& run);
  /// Appends an event to events.jsonl.
  void write(const Event& event);

 private:
  Fd events_;
};

}  // namespace eh::host
