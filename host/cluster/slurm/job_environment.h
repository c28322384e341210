// What SLURM tells a job of itself, by its environment.
#pragma once

#include <optional>
#include <string>

#include "os/gpus.h"

namespace eh::host {

struct SlurmJob {
  std::string job;         ///< its own id; "": this is no job
  std::string array_job;   ///< id of its array, if it is of one
  std::string array_task;  ///< its index there
  std::string node;        ///< as SLURM calls it
  std::string name;
  unsigned restart = 0;  ///< how often it was started before
  std::size_t cpus = 0;  ///< on this node; 0: SLURM does not say
  /// When it was started and has to end, in seconds since 1970; newer versions
  /// of SLURM say so.
  std::optional<double> start, end;

  static SlurmJob of(const Environment& environment);
  /// As its commands take it: "4700_11", or "4711".
  std::string id() const;
};

}  // namespace eh::host
