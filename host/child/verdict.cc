#include "child/verdict.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "contract/child.h"
#include "os/fd.h"

namespace eh::host::child {
namespace {

// Exact to the last digit shown.
double seconds(std::int64_t microseconds) {
  return static_cast<double>(microseconds) / 1e6;
}

// Of this process, and of the ones it waited for.
struct Use {
  Use() {
    ::getrusage(RUSAGE_SELF, &own);
    ::getrusage(RUSAGE_CHILDREN, &children);
  }
  // User and system.
  double cpu_seconds() const {
    std::int64_t sum = 0;
    for (const auto* usage : {&own, &children})
      for (const auto& time : {usage->ru_utime, usage->ru_stime})
        sum += std::int64_t{time.tv_sec} * 1'000'000 + time.tv_usec;
    return seconds(sum);
  }
  rusage own{}, children{};
};

// VmHWM of /proc/self/status, in bytes; 0 if unknown. Not ru_maxrss, which
// starts from what the process that started this one had. The file stays open:
// the process ends now.
std::uint64_t own_peak_memory() {
  const int file = ::open("/proc/self/status", O_RDONLY | O_CLOEXEC);
  char text[4096];
  const auto n = file >= 0 ? ::read(file, text, sizeof text - 1) : 0;
  text[n > 0 ? n : 0] = 0;
  const char* line = std::strstr(text, "VmHWM:");
  return line ? std::strtoull(line + 6, nullptr, 10) * 1024 : 0;
}

// Of the process of the experiment that had most. What ru_maxrss of a child
// starts from is at most what this process had.
std::uint64_t peak_memory(const Use& use) {
  const auto own = own_peak_memory();
  return own == 0
             ? 0
             : std::max(
                   own,
                   static_cast<std::uint64_t>(use.children.ru_maxrss) * 1024);
}

}  // namespace

VerdictText verdict_of(const ExperimentOutcome& outcome,
                       const Stopwatch& watch) {
  using std::chrono::microseconds;
  const auto elapsed = std::chrono::duration_cast<microseconds>(
      std::chrono::steady_clock::now() - watch.tick);
  const Use use;
  VerdictText verdict;
  verdict.status = outcome.status;
  verdict.message = outcome.message;
  verdict.exception = outcome.exception;
  verdict.start = utc_text(watch.start);
  verdict.end = utc_text(std::chrono::system_clock::now());
  verdict.seconds = seconds(elapsed.count());
  verdict.cpu_seconds = use.cpu_seconds();
  if (const auto peak = peak_memory(use)) verdict.peak_memory = peak;
  return verdict;
}

int write_verdict(int leaf, const std::string& name, const std::string& text,
                  const std::function<int()>& before_naming) {
  return replace_file(leaf, name.c_str(), contract::verdict_temporary, text,
                      before_naming);
}

}  // namespace eh::host::child
