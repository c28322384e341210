// What a job of a cluster runs: a task of a run (cluster/task.h).
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "cluster/scheduler.h"
#include "cluster/settings.h"
#include "config/config.h"

namespace eh::host {

/// `eh-host --eh-task FOLDER FIRST` is such a task.
inline constexpr char task_word[] = "--eh-task";

/// The scheduler that this task runs under.
struct TaskScheduler {
  JobIdentity job;  ///< that this is
  std::function<ClusterSettings(const Config&)> settings;
  std::function<std::unique_ptr<Scheduler>(const Config&)> connect;
};

/// The absolute folder of a run, and the number of the task that is number 0
/// of the job's array. Returns an exit code. Throws Error, and
/// std::system_error if nothing can be written.
int task_command(const std::string& folder, const std::string& first,
                 const TaskScheduler& scheduler);

}  // namespace eh::host
