#include "cluster/status.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "cluster/experiment_ledger.h"
#include "cluster/journal_reader.h"
#include "cluster/stop_order.h"
#include "cluster/task_ledger.h"
#include "os/file.h"
#include "run/folder.h"

namespace eh::host {
namespace {

constexpr std::size_t most_shown = 20;

double seconds_since(const std::string& time) {
  const auto then = parse_utc(time);
  if (!then) return 0;
  const auto now = std::chrono::system_clock::now();
  return std::max(0.0, std::chrono::duration<double>(now - *then).count());
}

RunStatus status_of(int tree, RunSpec spec,
                    const std::optional<std::vector<QueuedTask>>& queued) {
  const auto now = Clock::now();
  ExperimentLedger experiments(read_names(tree, spec.run_id), spec.chosen);
  TaskLedger tasks(spec.plan, spec.run_id);
  const auto earlier = read_file(tree, events_file(spec.run_id)).value_or("");
  for (const auto& line : split(earlier, '\n'))
    if (const auto entry = parse_journal_line(line))
      if (const auto* event = std::get_if<Event>(&entry->what))
        experiments.recall(*event);
  TaskJournals journals(tree, spec.run_id, now);
  journals.read_all(
      now, [&](const TaskAttempt& who, JournalEntry&& entry, bool) {
        if (const auto* event = std::get_if<Event>(&entry.what))
          experiments.take(*event, who, entry.time);
        else if (const auto* began = std::get_if<TaskStarted>(&entry.what))
          tasks.on(who, *began);
        else if (const auto* end = std::get_if<TaskEnded>(&entry.what))
          tasks.on(who, *end);
      });
  if (queued) tasks.answer(*queued, now);
  RunStatus out;
  out.counts = experiments.counts();
  out.tasks = tasks.state(now);
  out.tasks.nodes = experiments.nodes();
  for (std::size_t i = 0; i < experiments.size(); ++i) {
    if (!experiments.is_running(i)) continue;
    const auto& attempt = experiments.attempt(i);
    out.running.push_back(
        {experiments.name(i), attempt.node, attempt.gpus, attempt.since});
  }
  out.spec = std::move(spec);
  return out;
}

}  // namespace

std::vector<RunStatus> run_statuses(int tree, std::vector<RunSpec> specs,
                                    Scheduler& scheduler) {
  std::erase_if(specs, [&](const RunSpec& spec) {
    return was_seen_to_end(tree, spec.run_id);
  });
  std::vector<std::string> names;
  for (const auto& spec : specs)
    for (auto& name : array_names(spec)) names.push_back(std::move(name));
  std::vector<RunStatus> out;
  if (specs.empty()) return out;
  const auto queued = scheduler.queue(names);
  for (auto& spec : specs) {
    out.push_back(status_of(tree, std::move(spec), queued));
    if (!queued) out.back().trouble = scheduler.error();
  }
  return out;
}

std::string status_text(const RunStatus& status) {
  const auto& c = status.counts;
  auto out = "run " + status.spec.run_id + " of '" + status.spec.group +
             "' on SLURM, begun " +
             duration_text(seconds_since(status.spec.started)) + " ago: ";
  auto counts = c;
  const auto running = status.running.size();
  counts.not_started -= std::min(counts.not_started, running);
  const auto open = counts.not_started;
  counts.not_started = 0;
  const auto known = counts_text(counts);
  out += known + (known.empty() ? "" : ", ") + grouped(running) + " running, " +
         grouped(open) + " left\n";
  out += "  tasks: " + tasks_text(status.tasks);
  if (!status.trouble.empty())
    out += " (SLURM does not answer: " + status.trouble + ')';
  out += '\n';
  const bool idle = status.tasks.pending + status.tasks.running == 0;
  if (idle && status.trouble.empty())
    out += "  nothing of it runs any more: attach " + status.spec.run_id +
           " shows how it ended\n";
  std::size_t shown = 0;
  for (const auto& one : status.running) {
    if (shown++ == most_shown)
      return out + "  ... and " + grouped(running - most_shown) +
             " more run (--json shows all)\n";
    out += "  " + one.name;
    if (!one.node.empty()) out += " on " + one.node;
    if (!one.gpus.empty()) out += ", GPU " + one.gpus;
    out += ", for " + duration_text(seconds_since(one.since)) + '\n';
  }
  return out;
}

JsonObject status_json(const RunStatus& status) {
  JsonArray running;
  for (const auto& one : status.running) {
    JsonObject object;
    object.text("name", one.name).text("since", one.since);
    if (!one.node.empty()) object.text("node", one.node);
    if (!one.gpus.empty()) object.text("gpus", one.gpus);
    running.add(object);
  }
  JsonObject reasons, nodes;
  for (const auto& [reason, n] : status.tasks.reasons)
    reasons.natural(reason, n);
  for (const auto& [node, n] : status.tasks.nodes) nodes.natural(node, n);
  JsonObject tasks;
  tasks.natural("pending", status.tasks.pending)
      .natural("running", status.tasks.running)
      .natural("ended", status.tasks.ended)
      .raw("reasons", reasons.str());
  if (!status.tasks.start.empty()) tasks.text("start", status.tasks.start);
  const auto& c = status.counts;
  JsonObject out;
  out.text("run", status.spec.run_id)
      .text("started", status.spec.started)
      .text("command", status.spec.command)
      .natural("chosen", c.chosen)
      .natural("done_before", c.done_before)
      .natural("ok", c.ok + c.elsewhere)
      .natural("failed", c.failed)
      .natural("cancelled", c.cancelled)
      .natural("unwritable", c.unwritable)
      .natural("running", status.running.size())
      .raw("tasks", tasks.str())
      .raw("nodes", nodes.str())
      .raw("experiments", running.str());
  if (!status.trouble.empty()) out.text("trouble", status.trouble);
  return out;
}

}  // namespace eh::host
