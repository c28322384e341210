// The verdict of an experiment that ended by itself.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "base/utc_time.h"
#include "contract/verdict_text.h"

namespace eh::host::child {

struct ExperimentOutcome {
  Status status = Status::ok;
  std::string message;    ///< why it failed, for people
  std::string exception;  ///< its type, if one was thrown
};

/// Started with the process.
struct Stopwatch {
  SystemTime start = std::chrono::system_clock::now();
  std::chrono::steady_clock::time_point tick = std::chrono::steady_clock::now();
};

/// The verdict as of now: how it ended, when, and what it cost.
VerdictText verdict_of(const ExperimentOutcome& outcome,
                       const Stopwatch& watch);

/// Writes it as `name` into the directory `leaf`, whole or not at all. Returns
/// 0 or errno, which `before_naming` can, too.
int write_verdict(int leaf, const std::string& name, const std::string& text,
                  const std::function<int()>& before_naming = {});

}  // namespace eh::host::child
