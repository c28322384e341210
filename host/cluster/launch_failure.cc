#include "cluster/launch_failure.h"

namespace eh::host {

std::string no_log_text(const TaskExit& task_exit) {
  // Signals have this reason, too.
  const bool failed_to_launch =
      task_exit.reason == "JobLaunchFailure" &&
      (task_exit.exit_code.empty() || task_exit.exit_code.ends_with(":0"));
  if (task_exit.exit_code != "0:53" && !failed_to_launch) return {};
  return "its log could not be written, so the results folder is probably not"
         " there on the node (--output names one that the nodes share)";
}

}  // namespace eh::host
