// A run on a cluster, as the commands and a program's own code start one: what
// speaks against it, submitting it, and going on with it here.
#pragma once

#include <vector>

#include "cli/options.h"
#include "cluster/slurm/submit.h"
#include "events/event.h"
#include "plan/workspace.h"
#include "report/listeners.h"

namespace eh::host {

/// Whether a run with these options goes to a cluster. One that could use the
/// allocation that this process is in asks for it, where somebody is there to
/// answer. Throws Error (usage) for options that do not go together.
bool goes_to_cluster(const Options& options, const Config& config);

struct ClusterRunOptions {
  SubmitOptions submit;
  bool detach = false;  ///< only submit
  bool json = false;
  bool notes = true;  ///< what a person should know, on stderr
};

/// Submits the run and, if it is not to be left alone, watches it. `also` is
/// told what the listeners are told. Returns the exit code. Throws as
/// submit_run().
int run_on_cluster(
    const Workspace& workspace, const ClusterRunOptions& options,
    const std::vector<Experiment>& selection, Listeners& listeners,
    const Listener& also = [](const Event&) {});

}  // namespace eh::host
