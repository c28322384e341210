// The clock that limits and delays are measured by.
#pragma once

#include <algorithm>
#include <chrono>

namespace eh::host {

using Clock = std::chrono::steady_clock;

/// More than thirty years would leave the clock's range in the end.
inline Clock::duration duration_of(double seconds) {
  return std::chrono::duration_cast<Clock::duration>(
      std::chrono::duration<double>(std::min(seconds, 1e9)));
}

inline double seconds_between(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace eh::host
