// An experiment that runs in this process: what is known of it, and the
// functions that its plugin calls.
#pragma once

#include <unistd.h>

#include <atomic>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "child/host_parameters.h"
#include "child/kept.h"
#include "child/leaf.h"
#include "child/log.h"
#include "child/metrics.h"
#include "child/run.h"
#include "child/verdict.h"
#include "contract/child.h"
#include "eh/abi.h"

namespace eh::host::child {

/// Behind eh_run.host. Lives as long as the process.
struct ExperimentRun {
  ExperimentRun(const std::string& path, HostParameters&& from_host)
      : parameters(std::move(from_host)),
        leaf_path(path),
        leaf(path, parameters.attempt),
        log(leaf, pid),
        metrics(leaf),
        results(leaf, contract::results_file),
        kept(leaf, metrics, results) {}
  const HostParameters parameters;
  const std::string leaf_path;
  Leaf leaf;
  const pid_t pid = ::getpid();
  Log log;
  Metrics metrics;
  LineFile results;
  Kept kept;
  std::mutex checkpoint_mutex;  // of the file, and of what is kept with it
  std::mutex mutex;             // of what follows
  std::set<std::string> removed_when_done;
  bool failed = false;
  std::atomic<bool> disk_full{false};       // for a file of the experiment
  std::atomic<bool> has_checkpoint{false};  // of its own
  std::atomic<bool> has_forked{false};
  ExperimentOutcome failure;
};

/// For handlers, which take no argument; null until there is one.
extern ExperimentRun* the_experiment;

/// Looks after the forks of the experiment.
void follow_forks();

/// What the plugin is given.
eh_run run_table(ExperimentRun& experiment, const RunRequest& request);

}  // namespace eh::host::child
