// A host that watches a run on a cluster: from the journals of its tasks and
// their heartbeats, with the scheduler as a hint. The host that submitted it
// and any that attaches later do the same; when one is killed, nothing is lost.
//
// Whatever that says, how an experiment ended is what its task or its leaf
// says. A task is gone when two answers have not listed it and its heart stands
// still; only then its experiments get a verdict from here.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "cluster/spec.h"
#include "cluster/watch_io.h"
#include "events/event.h"
#include "events/log_record.h"
#include "leaf/leaf.h"

namespace eh::host {

/// Who is told what.
struct WatchListeners {
  Listener tell;
  /// What somebody was told before.
  Listener recall = [](const Event&) {};
  std::function<void(const LogRecord&)> record = [](const LogRecord&) {};
  std::function<bool()> has_room = [] { return true; };
  std::function<void()> tick = [] {};
  double tick_seconds = 0.25;
};

struct WatchOptions {
  bool attached = false;  ///< it was submitted by an earlier host
  std::size_t max_fail = 0;
  std::string log_dir;  ///< where tasks have their logs; absolute
  std::string program;  ///< for texts that say how to go on
};

/// Watches until the run has ended, or is left. Returns the exit code.
/// `tree` is that of spec.output, with the run's folder in it. Throws
/// std::system_error if that cannot be read.
int watch_run(ResultTree& tree, const RunSpec& spec,
              const WatchOptions& options, WatchIo& io,
              const WatchListeners& listeners);

}  // namespace eh::host
