#include "allocation.h"

#include <sched.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string_view>
#include <thread>

namespace eh::host {

std::optional<Allocation> this_allocation() {
  const char* job = std::getenv("SLURM_JOB_ID");
  if (!job || !*job) return {};
  Allocation out;
  out.job = job;
  if (const char* cpus = std::getenv("SLURM_CPUS_ON_NODE")) {
    const std::string_view text = cpus;
    std::from_chars(text.data(), text.data() + text.size(), out.cpus);
  }
  return out;
}

std::size_t usable_cpus() {
  if (const auto allocation = this_allocation(); allocation && allocation->cpus)
    return allocation->cpus;
  cpu_set_t allowed;
  if (::sched_getaffinity(0, sizeof allowed, &allowed) == 0)
    return static_cast<std::size_t>(CPU_COUNT(&allowed));
  return std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace eh::host
