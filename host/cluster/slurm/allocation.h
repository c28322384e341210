// An allocation of SLURM that this process was started in, by salloc, srun or
// in a job's script.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace eh::host {

struct Allocation {
  std::string job;       ///< its id
  std::size_t cpus = 0;  ///< of it, on this machine; 0: not known
  std::size_t gpus = 0;  ///< the same; 0: none, or not known
};

std::optional<Allocation> this_allocation();

}  // namespace eh::host
