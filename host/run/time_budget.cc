#include "run/time_budget.h"

#include <signal.h>

#include <algorithm>

namespace eh::host {
namespace {

bool was_told_to_end(const Processes::Wake& wake,
                     const RunningAttempts& running) {
  return std::any_of(
      wake.ended.begin(), wake.ended.end(), [&](const auto& one) {
        return one.second.signal == SIGTERM && !running.is_asked(one.first);
      });
}

}  // namespace

Processes::Wake wait_in_job(Processes& processes, Clock::time_point deadline,
                            const RunningAttempts& running) {
  auto wake = processes.wait(deadline);
  if (!was_told_to_end(wake, running)) return wake;
  const auto until = processes.now() + std::chrono::milliseconds(500);
  while (wake.signals.empty() && processes.now() < until) {
    auto more = processes.wait(until);
    wake.signals = std::move(more.signals);
    wake.ended.insert(wake.ended.end(), more.ended.begin(), more.ended.end());
  }
  return wake;
}

}  // namespace eh::host
