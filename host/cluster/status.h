// How runs stand that are on a cluster now: from their files, and from the
// scheduler if it answers.
#pragma once

#include <string>
#include <vector>

#include "cluster/scheduler.h"
#include "cluster/spec.h"
#include "events/event.h"
#include "json/write.h"

namespace eh::host {

struct RunStatus {
  RunSpec spec;
  Counts counts;
  ClusterState tasks;
  struct Running {
    std::string name, node, gpus;
    std::string since;  ///< as of utc_text()
  };
  std::vector<Running> running;
  std::string trouble;  ///< why the scheduler said nothing, or ""
};

/// Of the runs in `specs` that have not ended. `tree` is the descriptor of the
/// output directory of all of them.
std::vector<RunStatus> run_statuses(int tree, std::vector<RunSpec> specs,
                                    Scheduler& scheduler);

/// Several lines.
std::string status_text(const RunStatus& status);
JsonObject status_json(const RunStatus& status);

}  // namespace eh::host
