#include "os/cpus.h"

#include <sched.h>

#include <algorithm>
#include <cstdlib>
#include <thread>

namespace eh::host {

std::size_t allocated_cpus() {
  const char* job = std::getenv("SLURM_JOB_ID");
  const char* cpus = std::getenv("SLURM_CPUS_ON_NODE");
  return job && *job && cpus ? std::strtoul(cpus, nullptr, 10) : 0;
}

std::size_t usable_cpus() {
  if (const auto cpus = allocated_cpus()) return cpus;
  cpu_set_t allowed;
  if (::sched_getaffinity(0, sizeof allowed, &allowed) == 0)
    return static_cast<std::size_t>(CPU_COUNT(&allowed));
  return std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace eh::host
