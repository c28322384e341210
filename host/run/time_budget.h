// The time of a cluster's job that this process runs in. A seam: outside of a
// cluster there is none.
#pragma once

#include <string>

#include "base/clock.h"
#include "run/launches.h"
#include "run/processes.h"
#include "run/running_attempts.h"

namespace eh::host {

class JobTime {
 public:
  virtual ~JobTime() = default;
  /// Whether what asks this process to stop means that the time is up.
  virtual bool means_time_is_up(int signal) = 0;
  /// By when the experiments have to have ended, once the time is up.
  virtual Clock::time_point kill_at() = 0;
  /// Why an attempt has to end for good that was stopped because the time is
  /// up: the message of its verdict. "": it goes on in another job.
  virtual std::string ends(const Attempt& attempt, double seconds) = 0;
  /// Why attempts were stopped that were asked to end otherwise; "": because
  /// the run was.
  virtual std::string why_stopped() { return {}; }
  /// It does go on in another job.
  virtual void requeued(const Attempt& attempt) = 0;
};

/// Waits as `processes` do. What stops a job stops all of its processes at
/// once: where one of `running` was told to end, and not by us, it waits a
/// moment for what tells us so.
Processes::Wake wait_in_job(Processes& processes, Clock::time_point deadline,
                            const RunningAttempts& running);

}  // namespace eh::host
