#include "cluster/task_fate.h"

#include <fcntl.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "base/text.h"
#include "base/version.h"
#include "json/write.h"
#include "os/file.h"

namespace eh::host {
namespace {

// The value of `key` in "A=1 B=2 ..."; values may have spaces in them, but the
// ones that are asked for have none, but for the reason.
std::string value_of(std::string_view line, std::string_view key) {
  const auto name = ' ' + std::string(key) + '=';
  auto at =
      line.starts_with(std::string_view(name).substr(1)) ? 0 : line.find(name);
  if (at == line.npos) return {};
  at = line.find('=', at) + 1;
  const auto value = line.substr(at, line.find(' ', at) - at);
  return value == "(null)" || value == "None" || value == "N/A"
             ? ""
             : std::string(value);
}

// What differs between tasks that failed alike.
std::string normalised(const std::string& words) {
  std::string out;
  for (const char c : words)
    if (std::isdigit(static_cast<unsigned char>(c)) == 0)
      out += c;
    else if (out.empty() || out.back() != '#')
      out += '#';
  return out;
}

std::string folder_of(const std::string& path) {
  return path.substr(0, path.find_last_of('/'));
}

}  // namespace

std::vector<TaskFate> parse_shown(std::string_view text) {
  std::vector<TaskFate> out;
  for (const auto& line : split(text, '\n')) {
    TaskFate fate;
    fate.job = value_of(line, "JobId");
    fate.state = value_of(line, "JobState");
    if (fate.job.empty() || fate.state.empty()) continue;
    fate.array_job = value_of(line, "ArrayJobId");
    fate.array_task = value_of(line, "ArrayTaskId");
    fate.reason = value_of(line, "Reason");
    fate.exit = value_of(line, "ExitCode");
    fate.node = value_of(line, "NodeList");
    fate.log = value_of(line, "StdOut");
    out.push_back(std::move(fate));
  }
  return out;
}

Status status_of(const TaskFate& fate) {
  if (fate.state == "TIMEOUT" || fate.state == "DEADLINE")
    return Status::timeout;
  if (fate.state == "OUT_OF_MEMORY") return Status::out_of_memory;
  if (fate.state == "CANCELLED" || fate.state == "PREEMPTED" ||
      fate.state == "REVOKED")
    return Status::cancelled;
  return Status::crashed;
}

std::string TaskFate::text() const {
  std::string out;
  for (const auto& part :
       {state, reason, exit == "0:0" || exit.empty() ? "" : "ExitCode " + exit})
    if (!part.empty()) out += (out.empty() ? "" : ", ") + part;
  return out;
}

std::string fate_text(const TaskFate& fate) {
  std::string out;
  if (fate.state.empty())
    out = "its task ended without a word, and SLURM knows it no more";
  else if (fate.state == "COMPLETED")
    out = "its task ended without a verdict, which SLURM calls COMPLETED";
  else
    out = "SLURM ended its task: " + fate.text();
  if (!fate.node.empty()) out += ", on " + fate.node;
  std::string where;
  if (!fate.job.empty()) where = "job " + fate.job;
  if (!fate.array_job.empty() && !fate.array_task.empty())
    where += (where.empty() ? "job " : ", ") + fate.array_job + '_' +
             fate.array_task;
  if (!fate.log.empty())
    where += (where.empty() ? "log " : "; log ") + fate.log;
  return where.empty() ? out : out + " (" + where + ')';
}

std::string verdict_json(const FateVerdict& about, const TaskFate& fate) {
  JsonObject slurm;
  for (const auto& [key, value] : {std::pair{"job", fate.job},
                                   {"array_job", fate.array_job},
                                   {"array_task", fate.array_task},
                                   {"node", fate.node},
                                   {"state", fate.state},
                                   {"reason", fate.reason},
                                   {"exit_code", fate.exit},
                                   {"log", fate.log}})
    if (!value.empty()) slurm.text(key, value);
  JsonObject out;
  out.integer("format", 1)
      .text("status", status_name(status_of(fate)))
      .text("message", fate_text(fate));
  if (!about.start.empty()) out.text("start", about.start);
  out.text("end", about.end)
      .number("seconds", about.seconds)
      .text("group", about.group)
      .text("experiment", about.experiment)
      .natural("attempt", about.attempt)
      .text("run", about.run_id)
      .text("command", about.command)
      .text("eh", version);
  if (!slurm.members().empty()) out.raw("slurm", slurm.str());
  return out.str();
}

std::string unable_kind(const Unable& task) {
  auto words = task.words;
  if (!task.node.empty())
    for (auto at = words.find(task.node); at != words.npos;
         at = words.find(task.node, at + 1))
      words.replace(at, task.node.size(), "@");
  return normalised(words);
}

std::vector<std::string> unable_texts(const std::vector<Unable>& tasks) {
  constexpr std::size_t most_nodes = 4;
  struct Alike {
    std::size_t count = 0;
    const Unable* first = nullptr;
    std::set<std::string> nodes = {};
  };
  std::map<std::string, Alike> kinds;
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
