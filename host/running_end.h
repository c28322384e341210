// What is known of an attempt that is over, for its verdict.
#pragma once

#include "attempt_end.h"
#include "job_time.h"
#include "oom_watch.h"
#include "running.h"

namespace eh::host {

/// `job`: null outside of a cluster.
AttemptEnd end_of(const Running& running, JobTime* job, OomWatch& oom);

}  // namespace eh::host
