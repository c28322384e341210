// One task of a run on a cluster: runs its experiment, or as a pilot block
// after block, with the runner that local runs have, and writes the same
// leaves. What happens goes into its journal.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "cluster/circuit_breaker.h"
#include "cluster/journal_writer.h"
#include "cluster/scheduler.h"
#include "cluster/settings.h"
#include "cluster/spec.h"
#include "cluster/time_limit.h"
#include "cluster/work_blocks.h"
#include "events/log_tail.h"
#include "os/gpus.h"
#include "plan/workspace.h"
#include "run/child_launch.h"
#include "run/runner.h"

namespace eh::host {

/// What a task has of its node.
struct TaskPlace {
  std::size_t slots = 1;
  std::string gpus;                     ///< all of them: "0,1"
  std::vector<std::string> slots_gpus;  ///< of each slot; may be none
};
TaskPlace place_of(const TaskPlan& plan, const TaskShape& shape,
                   const JobIdentity& job, const Environment& environment);

class ClusterTask {
 public:
  struct Dependencies {
    const RunSpec& spec;
    const JobIdentity& job;
    std::size_t task;
    std::string owner;  ///< id of this attempt
    TaskPlace place;
    TaskJournal& journal;
    CircuitBreaker& breaker;
    Scheduler& scheduler;
    std::function<ClusterSettings(const Config&)> cluster_settings;
  };
  /// Loads what the run needs. Throws Error.
  explicit ClusterTask(Dependencies dependencies);
  ~ClusterTask();

  TaskEnded run();

 private:
  std::unique_ptr<ExperimentSource> source();
  RunOptions run_options() const;
  LaunchSettings launch_settings() const;
  LogTailOptions tail_options() const;
  void on(const Event& event);
  void read_logs();
  JobTimes ask_time();
  bool has_time();
  TaskEnded end(int code);
  void requeue(TaskEnded& ended);

  Dependencies dependencies_;
  Workspace workspace_;
  Config config_;
  Settings settings_;
  ClusterSettings cluster_;
  ResultTree tree_;
  Leases leases_;
  TimeLimit time_;
  LogTail tail_;
  WorkBlocks* blocks_ = nullptr;  // of a pilot
  double longest_ = 0;            // seconds that an experiment took
  std::size_t settled_ = 0;       // experiments that have their verdict
  bool no_time_ = false;          // for another experiment
};

/// Asks the scheduler to run a job again, also while it cannot be reached,
/// until `until`. Returns why it will not, or "".
std::string requeue_job(Scheduler& scheduler, const std::string& id,
                        Clock::time_point until);

}  // namespace eh::host
