// The folder <output>/.eh/runs/<run id>/: what a run was, and what happened.
#pragma once

#include <string>

#include "events/event.h"
#include "os/file.h"

namespace eh::host {

/// Unique, sortable by time: "20260131T100000Z-1f2e3d".
std::string new_run_id();

/// "<folder>/events.jsonl", below the output directory.
std::string events_file(const std::string& run_id);

class RunFolder {
 public:
  /// Makes it below the tree `tree`, with the run's command in run.json, and
  /// lets .eh/runs/latest point to it. Throws std::system_error.
  RunFolder(int tree, const RunStarted& run);
  /// One that is there, to add to its events, if this may be written.
  RunFolder(int tree, const std::string& run_id);
  /// Appends an event to events.jsonl.
  void write(const Event& event);
  /// The same in a while, at the next write() or flush().
  void collect(const Event& event);
  void flush();

 private:
  void open(int tree, const std::string& run_id);
  Fd events_;
  std::string collected_;  // whole lines
};

}  // namespace eh::host
