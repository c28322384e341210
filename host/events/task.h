// What a task of a run on a cluster says of itself in its journal, besides the
// events of its experiments.
#pragma once

#include <cstddef>
#include <string>

namespace eh::host {

struct TaskStarted {
  std::size_t task = 0;
  std::string job;         ///< SLURM_JOB_ID
  std::string array_job;   ///< SLURM_ARRAY_JOB_ID
  std::string array_task;  ///< SLURM_ARRAY_TASK_ID
  unsigned restart = 0;
  std::string node;  ///< as SLURM calls it
  std::string host;  ///< as the machine calls itself
  int pid = 0;
  std::size_t cpus = 0;
  std::string gpus;
  std::size_t slots = 1;
};

struct TaskEnded {
  /// "done", "handed_on" (others, or it itself later, go on with the rest),
  /// "stopped" or "broken" (it could not run anything).
  std::string why;
  std::string message;
  bool requeued = false;  ///< it asked SLURM to run it again
  int exit_code = 0;
};

}  // namespace eh::host
