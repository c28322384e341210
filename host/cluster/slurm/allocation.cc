#include "cluster/slurm/allocation.h"

#include <charconv>
#include <cstdlib>
#include <string_view>

#include "os/cpus.h"

namespace eh::host {

namespace {

// 0 if there is no such variable, or it is not a number.
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
  return Allocation{job, allocated_cpus(), number_in("SLURM_GPUS_ON_NODE")};
}

}  // namespace eh::host
