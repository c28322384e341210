// What happened in a run, in the past tense. The runner tells it; the reporter
// and the journal listen. Facts flow this way only.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "utc_time.h"
#include "verdict.h"

namespace eh::host {

struct RunStarted {
  std::string run_id;
  std::string group;
  std::string command;  ///< as typed
  std::string output;   ///< the output directory
  std::size_t chosen = 0;
  std::size_t done_before = 0;  ///< of the chosen: skipped
  std::size_t jobs = 1;
  std::optional<std::size_t> stale = {};  ///< of those skipped; where known
};

struct ExperimentStarted {
  std::string name;  ///< without the group
  std::string leaf;  ///< absolute path
  unsigned attempt = 1;
  unsigned slot = 0;
  bool resumes = false;  ///< from a checkpoint
};

struct ExperimentEnded {
  std::string name;
  std::string leaf;
  unsigned attempt = 1;
  Status status = Status::ok;
  std::string message;
  std::vector<std::string> backtrace;
  double seconds = 0;
  bool will_retry = false;
  std::size_t left_processes = 0;  ///< that it left behind and were killed
  bool unwritten = false;          ///< its log or output could not be written
};

/// Another host has this one; we wait for it.
struct ExperimentHeldElsewhere {
  std::string name;
  std::string host;
  int pid = 0;
};

/// Another host ran it in the meantime.
struct ExperimentEndedElsewhere {
  std::string name;
  std::string leaf;
  Status status = Status::ok;
  std::string message;
};

/// Something could not be written, so this one has no verdict.
struct ExperimentUnwritable {
  std::string name;
  std::string leaf;
  std::string message;
};

struct Stopping {
  std::string why;
  std::size_t running = 0;
  std::size_t not_started = 0;
  bool killing = false;  ///< at once, not after the grace period
};

/// How many of the chosen experiments ended how. They add up to `chosen`.
struct Counts {
  std::size_t chosen = 0;
  std::size_t done_before = 0;
  std::size_t ok = 0;         ///< now
  std::size_t elsewhere = 0;  ///< ok, by another host meanwhile
  std::size_t failed = 0;     ///< failed, crashed, timeout or out_of_memory
  std::size_t cancelled = 0;  ///< cancelled or stopped
  std::size_t unwritable = 0;
  std::size_t not_started = 0;
};

/// The counts that are not 0, with the words for them.
struct CountPart {
  enum Kind { good, neutral, doubtful, bad } kind;
  std::size_t count;
  const char* words;  ///< "done before"
};
std::vector<CountPart> count_parts(const Counts& counts);
/// "3 ok, 1 failed".
std::string counts_text(const Counts& counts);

struct RunEnded {
  Counts counts;
  double seconds = 0;
  int exit_code = 0;
};

/// The run ended by an error of its own, which its caller is told as well.
struct RunBroken {
  std::string message;
};

using Event = std::variant<RunStarted, ExperimentStarted, ExperimentEnded,
                           ExperimentHeldElsewhere, ExperimentEndedElsewhere,
                           ExperimentUnwritable, Stopping, RunEnded, RunBroken>;

using Listener = std::function<void(const Event&)>;

/// One line of JSON, without the newline: {"event":"ended","time":...}.
std::string event_json(const Event& event, SystemTime time);

}  // namespace eh::host
