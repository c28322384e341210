// Tasks that a scheduler could not start.
#pragma once

#include <string>

#include "cluster/scheduler.h"

namespace eh::host {

/// What is to be said of a task that left no log: it could not be written, as
/// where a node has not got the folder. "": something else is the matter.
std::string no_log_text(const TaskExit& task_exit);

}  // namespace eh::host
