// The configuration's slurm.* as typed values, and what of the rest decides
// how a run is spread over a cluster.
#pragma once

#include <optional>
#include <string>
#include <vector>

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

struct SlurmSettings {
  bool enabled = false;

  // As sbatch takes them; "": nothing is said.
  std::string partition, account, qos, reservation, licenses, constraint;
  std::string exclude;

  // Of each task.
  std::size_t nodes = 1;
  std::optional<std::size_t> cpus;  ///< none: workers for each experiment
  std::size_t gpus = 0;
  std::string gpu_type;
  std::optional<double> mem;         ///< GB; 0: all of the node
  std::optional<double> time_limit;  ///< seconds
  double signal_delay = 60;          ///< seconds; 0: no warning
  std::size_t max_requeues = 5;

  /// Tasks at the same time.
  std::optional<std::size_t> simultaneous_jobs;
  std::size_t max_array_size = 1001;
  std::optional<bool> pack;
  std::size_t max_alike = 10;  ///< 0: any number

  std::string log_dir;  ///< absolute or ""
  std::string shell = "/bin/bash";
  std::vector<std::string> setup, options;
  SlurmCommands commands;

  /// Not of slurm: experiments at the same time, and CPUs of each.
  std::optional<std::size_t> jobs;
  std::size_t workers = 1;
};

/// Throws Error (usage) for a value that cannot be used.
SlurmSettings slurm_settings_of(const Config& config);

}  // namespace eh::host
