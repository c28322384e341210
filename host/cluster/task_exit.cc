#include "cluster/task_exit.h"

#include <fcntl.h>

#include <algorithm>
#include <set>

#include "base/failure_fingerprint.h"
#include "base/text.h"
#include "json/write.h"
#include "os/file.h"

namespace eh::host {
namespace {

std::string folder_of(const std::string& path) {
  return path.substr(0, path.find_last_of('/'));
}

}  // namespace

Status status_of(const TaskExit& task_exit) {
  switch (task_exit.outcome) {
    case TaskOutcome::timeout:
      return Status::timeout;
    case TaskOutcome::out_of_memory:
      return Status::out_of_memory;
    case TaskOutcome::cancelled:
    case TaskOutcome::displaced:
      return Status::cancelled;
    case TaskOutcome::completed:  // without a verdict
    case TaskOutcome::failed:
      break;
  }
  return Status::crashed;
}

std::string end_text(const TaskExit& task_exit) {
  const auto exit = task_exit.exit_code.empty() || task_exit.exit_code == "0:0"
                        ? ""
                        : "ExitCode " + task_exit.exit_code;
  std::string out;
  for (const auto& part : {task_exit.state, task_exit.reason, exit})
    if (!part.empty()) out += (out.empty() ? "" : ", ") + part;
  return out;
}

std::string exit_text(const TaskExit& task_exit) {
  std::string out;
  if (task_exit.state.empty())
    out = "its task ended without a word, and SLURM knows it no more";
  else if (task_exit.outcome == TaskOutcome::completed)
    out = "its task ended without a verdict, which SLURM calls " +
          task_exit.state;
  else
    out = "SLURM ended its task: " + end_text(task_exit);
  if (!task_exit.node.empty()) out += ", on " + task_exit.node;
  std::string where;
  if (!task_exit.job.empty()) where = "job " + task_exit.job;
  if (!task_exit.array_job.empty() && !task_exit.array_task.empty())
    where += (where.empty() ? "job " : ", ") + task_exit.array_job + '_' +
             task_exit.array_task;
  if (!task_exit.log.empty())
    where += (where.empty() ? "log " : "; log ") + task_exit.log;
  return where.empty() ? out : out + " (" + where + ')';
}

std::string exit_json(const TaskExit& task_exit) {
  JsonObject out;
  for (const auto& [key, value] : {std::pair{"job", task_exit.job},
                                   {"array_job", task_exit.array_job},
                                   {"array_task", task_exit.array_task},
                                   {"node", task_exit.node},
                                   {"state", task_exit.state},
                                   {"reason", task_exit.reason},
                                   {"exit_code", task_exit.exit_code},
                                   {"log", task_exit.log}})
    if (!value.empty()) out.text(key, value);
  return out.members().empty() ? "" : out.str();
}

std::string unable_kind(const Unable& task) {
  return failure_fingerprint(task.words, task.node);
}

std::vector<std::string> unable_texts(const std::vector<Unable>& tasks) {
  constexpr std::size_t most_nodes = 4;
  struct SameFailure {
    std::size_t count = 0;
    const Unable* first = nullptr;
    std::set<std::string> nodes = {};
  };
  std::map<std::string, SameFailure> kinds;
  for (const auto& task : tasks) {
    auto& kind = kinds[unable_kind(task)];
    if (kind.count++ == 0) kind.first = &task;
    if (!task.node.empty()) kind.nodes.insert(task.node);
  }
  std::vector<std::string> out;
  for (const auto& [key, kind] : kinds) {
    const auto& one = *kind.first;
    std::string nodes;
    for (const auto& node : kind.nodes)
      nodes += (nodes.empty() ? " on " : ", ") + node;
    if (kind.nodes.size() > most_nodes)
      nodes = " on " + count_text(kind.nodes.size(), "node");
    auto text = count_text(kind.count, "task") + " could not run" + nodes +
                ": " + (one.words.empty() ? "nothing says why" : one.words);
    if (!one.log.empty())
      text += kind.count == 1 ? "; log " + one.log
                              : "; logs in " + folder_of(one.log);
    out.push_back(std::move(text));
  }
  return out;
}

std::string last_words(const std::string& path) {
  const auto lines = split(read_tail(AT_FDCWD, path, 16 * 1024), '\n');
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    const auto begin = line->find_first_not_of(" \t\r");
    if (begin == line->npos) continue;
    const auto end = line->find_last_not_of(" \t\r");
    return printable(
        line->substr(begin, std::min<std::size_t>(end + 1 - begin, 500)));
  }
  return {};
}

}  // namespace eh::host
