// What happened in a run, in the past tense. The runner tells it; the reporter
// and the journal listen. Facts flow this way only.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/utc_time.h"
#include "leaf/verdict.h"

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
  std::size_t tasks = 0;  ///< that a cluster runs them in; 0: this machine
  bool attached = false;  ///< it was submitted before
};

struct ExperimentStarted {
  std::string name;  ///< without the group
  std::string leaf;  ///< absolute path
  unsigned attempt = 1;
  unsigned slot = 0;
  bool resumes = false;   ///< from a checkpoint
  std::string node = {};  ///< of a cluster
  std::string gpus = {};  ///< that it sees, as CUDA_VISIBLE_DEVICES
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
  std::size_t left_processes = 0;  ///< that it left behind and were ended
  bool unwritten = false;          ///< its log or output could not be written
  bool requeued = false;           ///< it goes on in another job
  /// Where the finished result is that --force would have replaced, or "".
  std::string kept = {};
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

/// How the tasks of a run stand on a cluster, when that has changed.
struct ClusterState {
  std::size_t pending = 0, running = 0, ended = 0;  ///< tasks
  /// Why they wait, in SLURM's words: how many of them.
  std::map<std::string, std::size_t> reasons = {};
  /// Experiments that run there, by node.
  std::map<std::string, std::size_t> nodes = {};
  std::string start = {};  ///< when SLURM thinks that the next begins, or ""
  bool operator==(const ClusterState&) const = default;
};
/// "5 pending (Resources; next about 14:05), 8 running, 3 ended".
std::string tasks_text(const ClusterState& state);
/// "n1 4, n2 4".
std::string nodes_text(const ClusterState& state);

/// Something about the run that people are to know.
struct Notice {
  int level = 0;  ///< as of a LogRecord
  std::string text;
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

/// Its jobs go on, but this host watches them no longer.
struct RunLeft {
  std::string message;  ///< how to go on
};

using Event = std::variant<RunStarted, ExperimentStarted, ExperimentEnded,
                           ExperimentHeldElsewhere, ExperimentEndedElsewhere,
                           ExperimentUnwritable, ClusterState, Notice, Stopping,
                           RunEnded, RunBroken, RunLeft>;
/// Whether nothing comes after it.
bool is_last(const Event& event);

using Listener = std::function<void(const Event&)>;

/// One line of JSON, without the newline: {"event":"ended","time":...}.
std::string event_json(const Event& event, SystemTime time);

}  // namespace eh::host
