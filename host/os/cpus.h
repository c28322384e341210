// The CPUs that this process may use.
#pragma once

#include <cstddef>

namespace eh::host {

/// Those on this machine of the allocation of SLURM that this process was
/// started in; 0: none, or not known.
std::size_t allocated_cpus();

/// Those of the allocation, or those that the system lets it run on.
std::size_t usable_cpus();

}  // namespace eh::host
