// Experiments whose task is gone: what their leaves say after all, and the
// verdict of those that were begun and could not have their own. And tasks that
// never ran anything: why.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cluster/experiment_ledger.h"
#include "cluster/scheduler.h"
#include "cluster/spec.h"
#include "cluster/task_exit.h"
#include "cluster/task_ledger.h"
#include "events/event.h"
#include "leaf/leaf.h"

namespace eh::host {

/// What the settling works on; all of it has to outlive it.
struct OrphansDependencies {
  ResultTree& tree;
  Leases& leases;
  const RunSpec& spec;
  const ExperimentLedger& experiments;
  const TaskLedger& tasks;
  Scheduler& scheduler;
  std::string log_dir;  ///< where tasks have their logs; absolute
};

class Orphans {
 public:
  explicit Orphans(OrphansDependencies dependencies)
      : dependencies_(std::move(dependencies)) {}

  struct Finding {
    enum Kind {
      over,         ///< `event` says how
      not_started,  ///< and will not be
      alive,        ///< somebody works on it all the same
    } kind = not_started;
    std::optional<Event> event = {};
  };
  /// Of an experiment that nothing can give an outcome any more but itself.
  Finding settle(std::size_t experiment);
  /// The same, if its leaf says something already.
  std::optional<Event> look(std::size_t experiment) const;
  /// Whether its leaf says ok.
  bool is_ok(std::size_t experiment) const;

  /// Looks at some tasks that are gone and have not run anything. Returns what
  /// is to be told of them now, each kind of failure once.
  std::vector<std::string> look_at_unable(Clock::time_point now);
  /// The same of all that are left, and what came of it where more were alike
  /// than was told.
  std::vector<std::string> unable_at_the_end(Clock::time_point now);
  /// What tasks that could not run ended with, if they agree on something
  /// that is not 0.
  int unable_code() const { return unable_code_; }

 private:
  /// Of another run: whether it makes its experiment one that is done.
  bool counts(const Verdict& verdict) const;
  std::string leaf_of(std::size_t experiment) const;
  std::string log_of(const std::string& array_job,
                     const std::string& array_task) const;
  TaskExit exit_of(std::size_t task);
  TaskExit exit_of_attempt(std::size_t experiment);
  Event write(std::size_t experiment, bool may_go_on);
  std::optional<Unable> unable(std::size_t task);

  OrphansDependencies dependencies_;
  std::map<std::string, TaskExit> exits_;  // by the job's own id
  std::set<std::string> asked_;            // arrays
  std::vector<bool> looked_at_;            // tasks
  std::vector<Unable> unable_;
  std::set<std::string> told_;  // kinds of failure
  std::size_t told_count_ = 0;  // tasks
  int unable_code_ = 0;
};

}  // namespace eh::host
