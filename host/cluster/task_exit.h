// What became of tasks that are gone, from the scheduler and their logs: the
// verdict for experiments that they had begun, and why others never ran.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/scheduler.h"
#include "leaf/verdict.h"

namespace eh::host {

/// Of an experiment that it was running: timeout, out_of_memory ..., crashed
/// for what means nothing special.
Status status_of(const TaskExit& task_exit);
/// "FAILED, JobLaunchFailure, ExitCode 0:11"; "" if nothing is known.
std::string end_text(const TaskExit& task_exit);
/// "SLURM ended its task: TIMEOUT on n1 (job 4711, 4700_3; log /path)".
std::string exit_text(const TaskExit& task_exit);

/// The same for programs, a JSON object: the verdict's "slurm". "" if nothing
/// is known.
std::string exit_json(const TaskExit& task_exit);

/// Tasks that could not run, told together where they say the same.
struct Unable {
  std::string node;
  std::string words;  ///< the last that it said
  std::string log;
};
/// The same for tasks that said the same, but for numbers and their node.
std::string unable_kind(const Unable& task);
/// "17 tasks could not run on n2: <words>; logs in <folder>" for each kind.
std::vector<std::string> unable_texts(const std::vector<Unable>& tasks);

/// The last line of a log that says something; "" if there is none.
std::string last_words(const std::string& path);

}  // namespace eh::host
