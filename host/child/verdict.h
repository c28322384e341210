// The verdict of an experiment that ended by itself: what it cost, how it
// ended, and what the host said about it, as one JSON object in the leaf. The
// host writes it for those that could not.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "base/utc_time.h"

namespace eh::host::child {

struct ExperimentOutcome {
  enum class Status { ok, failed, stopped, out_of_memory };
  Status status = Status::ok;
  std::string message;    ///< why it failed, for people
  std::string exception;  ///< its type, if one was thrown
};

/// Started with the process.
struct Stopwatch {
  SystemTime start = std::chrono::system_clock::now();
  std::chrono::steady_clock::time_point tick = std::chrono::steady_clock::now();
};

/// The verdict's text. `results` is a JSON object or empty, `host_members` JSON
/// without braces around it.
std::string verdict_text(const ExperimentOutcome& outcome,
                         const Stopwatch& watch, const std::string& results,
                         const std::string& host_members);

/// Writes it as `name` into the directory `leaf`, whole or not at all. Returns
/// 0 or errno, which `before_naming` can, too.
int write_verdict(int leaf, const std::string& name, const std::string& text,
                  const std::function<int()>& before_naming = {});

}  // namespace eh::host::child
