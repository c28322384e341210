// What is known of an attempt that is over, for its verdict.
#pragma once

#include "os/oom_kills.h"
#include "run/judge.h"
#include "run/running_attempts.h"
#include "run/time_budget.h"

namespace eh::host {

/// `job`: null outside of a cluster.
AttemptEnd end_of(const Running& running, JobTime* job, OomWatch& oom);

}  // namespace eh::host
