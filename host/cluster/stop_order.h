// The jobs of a run on a cluster, and how they are stopped: the file `stop` in
// its folder, which tasks look at before they start anything, and cancelling.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cluster/scheduler.h"
#include "cluster/spec.h"

namespace eh::host {

struct StopOrder {
  /// "cancelled", "max_fail", or "alike": too many failed in the same way.
  std::string why;
  std::string message;
};
std::optional<StopOrder> read_stop(int tree, const std::string& run_id);
/// The first order stays. Throws std::system_error.
void write_stop(int tree, const std::string& run_id, const StopOrder& order);

/// Whether somebody has seen the end of a run, and nobody has watched it again
/// since.
bool was_seen_to_end(int tree, const std::string& run_id);

/// The names of a run's arrays.
std::vector<std::string> array_names(const RunSpec& spec);

struct Cancelling {
  bool taken = false;  ///< otherwise the scheduler's error() says why not
  /// Ids that were those of the run's jobs and are now other jobs', which are
  /// left alone.
  std::vector<std::string> others = {};
};
/// Cancels all jobs of a run, also one whose submission nobody saw the end of.
Cancelling cancel_jobs(int tree, const RunSpec& spec, Scheduler& scheduler);
/// What is to be said of `others`; "" if there are none.
std::string others_text(const std::vector<std::string>& others);

}  // namespace eh::host
