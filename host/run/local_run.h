// One run of experiments, from what is chosen to its end: the folder of the
// run, copies of the plugins, leases, the runner, and its listeners.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "events/event.h"
#include "plan/force_order.h"
#include "plan/workspace.h"
#include "run/child_launch.h"
#include "run/folder.h"
#include "run/runner.h"

namespace eh::host {

struct LocalRunOptions {
  std::string group;
  /// By what the order of --force is found again, see force_key(); "": what is
  /// done is skipped.
  std::string force;
  bool foreground = false;  ///< the terminal is the experiment's
  std::vector<std::string> debugger;
  std::string command_line;  ///< as typed
  bool notes = false;        ///< what a person should know, on stderr
  std::size_t gpus = 0;      ///< for each experiment, of those that a job has
};

class LocalRun {
 public:
  /// `workspace` has to outlive this.
  LocalRun(const Workspace& workspace, LocalRunOptions options,
           Listener listener);

  /// Called now and then, at least every `tick_seconds`.
  std::function<void()> on_tick = [] {};
  double tick_seconds = 1;

  /// Runs those of `selection` that are not done. Throws Error, and
  /// std::system_error if nothing can be written at all.
  RunEnded run(const std::vector<Experiment>& selection);

 private:
  int run_todo(const ForcedTodo& work, RunStarted started, Counts& counts);
  void tidy(const std::vector<std::string>& leaves) const;
  void tell(const Event& event);
  RunOptions run_options(std::size_t jobs) const;
  LaunchSettings launch_settings(const std::string& run_id) const;

  const Workspace& workspace_;
  const LocalRunOptions options_;
  const Settings settings_;
  Listener listener_;
  std::optional<RunFolder> folder_;
  std::vector<std::string> gpus_;  // of each slot; may be none
};

}  // namespace eh::host
