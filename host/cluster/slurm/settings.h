// The configuration's slurm.* as typed values, and what of the rest decides
// how a run is spread over a cluster.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cluster/settings.h"
#include "config/config.h"

namespace eh::host {

/// SLURM's commands, each as the words that start it: a program, or something
/// like {"ssh", "login", "sbatch"}.
struct SlurmCommands {
  std::vector<std::string> sbatch = {"sbatch"};
  std::vector<std::string> scancel = {"scancel"};
  std::vector<std::string> squeue = {"squeue"};
  std::vector<std::string> scontrol = {"scontrol"};
};

struct SlurmSettings : ClusterSettings {
  bool enabled = false;

  // As sbatch takes them; "": nothing is said.
  std::string partition, account, qos, reservation, licenses, constraint;
  std::string exclude;
  std::string gpu_type;
  std::optional<double> mem;  ///< GB of each task; 0: all of the node

  std::string log_dir;  ///< absolute or ""
  std::string shell = "/bin/bash";
  std::vector<std::string> setup, options;
  SlurmCommands commands;
};

/// Throws Error (usage) for a value that cannot be used.
SlurmSettings slurm_settings_of(const Config& config);

}  // namespace eh::host
