// Submits a run to a cluster: makes its folder with all that its tasks need,
// and array jobs of them.
#pragma once

#include <string>
#include <vector>

#include "cluster/job_file.h"
#include "cluster/spec.h"
#include "events/event.h"
#include "plan/workspace.h"

namespace eh::host {

struct SubmitOptions {
  std::string group;
  std::string force;         ///< as in LocalRunOptions
  std::string command_line;  ///< as typed
};

struct SubmittedRun {
  std::string run_id;  ///< "": there was nothing to do
  std::size_t experiments = 0;
  std::size_t tasks = 0;
  bool pack = false;
  std::vector<std::string> jobs;  ///< ids of the arrays
};

/// Submits those of `selection` that are not done. If all are, `audience` is
/// told of a run that has begun and ended. Warnings go to stderr. Throws Error:
/// usage if sbatch refuses it, internal if SLURM cannot be reached; with
/// nothing left in the cluster, or the message says what is.
SubmittedRun submit_run(const Workspace& workspace,
                        const SubmitOptions& options,
                        const std::vector<Experiment>& selection,
                        const Listener& listeners);

/// Goes on submitting a run whose host ended in the middle of it, unless there
/// is one that still does, or it was stopped. Returns what is known of its
/// arrays. `config` is that of the run's group. Throws as submit_run().
std::vector<SubmittedArray> go_on_submitting(const RunSpec& spec,
                                             const Config& config);

/// What was submitted, on one line.
std::string submitted_text(const SubmittedRun& run);

/// The tasks, commands and script that submit_run() would make; "" if there is
/// nothing to do. Asks the cluster for its limit alone, and does without an
/// answer.
std::string submission_preview(const Workspace& workspace,
                               const SubmitOptions& options,
                               const std::vector<Experiment>& selection);

}  // namespace eh::host
