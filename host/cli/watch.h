// Watching a run on a cluster as a command does it: with the listeners of its
// configuration, and the cluster's own commands.
#pragma once

#include "cluster/spec.h"
#include "report/listeners.h"

namespace eh::host {

struct WatchCommand {
  const RunSpec& spec;
  /// Of the group, when it was submitted.
  const Config& config;
  Listeners& listeners;  ///< made with ListenersOptions::cluster
  bool attached = false;
  /// Is told as well, also what an earlier host was told.
  Listener also = [](const Event&) {};
};

/// Returns the exit code. Throws Error, and std::system_error if the run's
/// files cannot be read.
int watch_command(const WatchCommand& command);

/// Where SLURM writes the logs of a run's tasks.
std::string task_log_dir(const RunSpec& spec, const Config& config);

}  // namespace eh::host
