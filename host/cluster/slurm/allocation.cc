#include "cluster/slurm/allocation.h"

#include <sched.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string_view>
#include <thread>

namespace eh::host {

namespace {

// 0 if there is no such variable, or it is no number.
std::size_t number_in(const char* variable) {
  std::size_t out = 0;
  if (const char* value = std::getenv(variable)) {
    const std::string_view text = value;
    std::from_chars(text.data(), text.data() + text.size(), out);
  }
  return out;
}

}  // namespace

std::optional<Allocation> this_allocation() {
  const char* job = std::getenv("SLURM_JOB_ID");
  if (!job || !*job) return {};
  return Allocation{job, number_in("SLURM_CPUS_ON_NODE"),
                    number_in("SLURM_GPUS_ON_NODE")};
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
