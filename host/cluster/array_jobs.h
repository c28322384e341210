// Brings the arrays of a run into the cluster, each once: one that nobody
// answered for is looked up by its name before it is tried again.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "cluster/job_file.h"
#include "cluster/scheduler.h"
#include "cluster/spec.h"

namespace eh::host {

struct ArraysToSubmit {
  int tree = -1;  ///< descriptor of the output directory
  std::string run_id;
  const TaskPlan& plan;
  std::string script;                ///< its path
  std::vector<std::string> without;  ///< that the scheduler must not see
};

/// What submitting needs from outside; tests replace it.
struct SubmitSeams {
  Scheduler& scheduler;
  /// Waits for so many seconds. False if somebody wants it to end.
  std::function<bool(double seconds)> wait;
  std::function<void(const std::string&)> warn;
};

/// Not all arrays are in. Those that were have been cancelled, or are `left`.
struct SubmitFailed : std::runtime_error {
  enum Why {
    refused,      ///< what() are the scheduler's own words
    full,         ///< so are these: a limit on what may be submitted
    unreachable,  ///< what() is what was said last
    interrupted
  } why;
  std::vector<std::string> cancelled = {}, left = {};  ///< ids of jobs
  std::string unknown = {};  ///< the name of one of which nobody knows
  bool late = false;         ///< one may still come in, though it is not there

  bool has_begun() const {
    return late || !cancelled.empty() || !left.empty() || !unknown.empty();
  }

  SubmitFailed(Why reason, const std::string& said)
      : std::runtime_error(said), why(reason) {}
};

/// Submits all arrays of the plan but those that jobs.jsonl says are in, which
/// it is kept in. Throws SubmitFailed, and std::system_error.
std::vector<SubmittedArray> submit_arrays(const ArraysToSubmit& arrays,
                                          const SubmitSeams& seams);

}  // namespace eh::host
