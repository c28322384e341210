#include "cluster/orphans.h"

#include <algorithm>
#include <system_error>

#include "base/shortened.h"
#include "base/text.h"
#include "base/version.h"
#include "cluster/launch_failure.h"
#include "cluster/stop_order.h"
#include "contract/verdict_text.h"
#include "json/write.h"
#include "plan/force_order.h"

namespace eh::host {
namespace {

// Logs that are read at a time, and at all.
constexpr std::size_t logs_at_a_time = 20;
constexpr std::size_t most_logs = 200;

double seconds_from(const std::string& from, const std::string& to) {
  const auto a = parse_utc(from), b = parse_utc(to);
  if (!a || !b || *b < *a) return 0;
  return std::chrono::duration<double>(*b - *a).count();
}

}  // namespace

std::string Orphans::leaf_of(std::size_t experiment) const {
  return dependencies_.spec.group + '/' +
         dependencies_.experiments.name(experiment);
}

std::string Orphans::log_of(const std::string& array_job,
                            const std::string& array_task) const {
  if (array_job.empty() || array_task.empty()) return {};
  return dependencies_.log_dir + '/' + array_job + '_' + array_task + ".out";
}

bool Orphans::counts(const Verdict& verdict) const {
  const auto& force = dependencies_.spec.force;
  return verdict.status == Status::ok &&
         (force.empty() ||
          ForceOrder(dependencies_.tree.fd(), force).has(verdict.run_id));
}

std::optional<Event> Orphans::look(std::size_t experiment) const {
  const auto leaf = leaf_of(experiment);
  const auto& name = dependencies_.experiments.name(experiment);
  const auto path = dependencies_.tree.leaf_path(leaf);
  try {
    const auto verdict = dependencies_.tree.verdict(leaf);
    if (!verdict) return {};
    if (verdict->run_id == dependencies_.spec.run_id) {
      ExperimentEnded out;
      out.name = name;
      out.leaf = path;
      out.attempt = verdict->attempt;
      out.status = verdict->status;
      out.message = verdict->message;
      if (!verdict->exception.empty())
        out.message = verdict->exception + ": " + out.message;
      out.message =
          shortened_message(out.message, dependencies_.tree.verdict_file());
      out.seconds = verdict->seconds;
      return out;
    }
    // Of an earlier run, unless it is better than what this one found.
    if (!counts(*verdict)) return {};
    return ExperimentEndedElsewhere{name, path, verdict->status, ""};
  } catch (const UnreadableVerdict& error) {
    return ExperimentUnwritable{name, path, error.what()};
  }
}

bool Orphans::is_ok(std::size_t experiment) const {
  try {
    const auto verdict = dependencies_.tree.verdict(leaf_of(experiment));
    return verdict && counts(*verdict);
  } catch (const UnreadableVerdict&) {
    return false;
  }
}

Orphans::Finding Orphans::settle(std::size_t experiment) {
  const auto leaf = leaf_of(experiment);
  const auto path = dependencies_.tree.leaf_path(leaf);
  const auto& name = dependencies_.experiments.name(experiment);
  try {
    if (auto event = look(experiment)) return {Finding::over, event};
    if (dependencies_.leases.holder(leaf).exists()) return {Finding::alive};
    const bool begun = dependencies_.leases.named(leaf).starts_with(
        dependencies_.spec.run_id + '.');
    if (begun) {
      const auto lease = dependencies_.leases.acquire(leaf);
      if (!lease.acquired) return {Finding::alive};
      Finding out{Finding::over, look(experiment)};
      if (!out.event) out.event = write(experiment, lease.taken_over);
      dependencies_.leases.release(leaf);
      return out;
    }
    if (const auto& held = dependencies_.experiments.held(experiment))
      return {Finding::over, held};
    if (dependencies_.experiments.attempt(experiment).attempt == 0) return {};
    return {Finding::over,
            ExperimentUnwritable{name, path, "its leaf has no verdict"}};
  } catch (const std::system_error& error) {
    dependencies_.leases.release(leaf);
    return {Finding::over, ExperimentUnwritable{name, path, error.what()}};
  }
}

// The verdict of a dead task's experiment. On another machine it may only have
// been cut off, and must not write its own over this one.
Event Orphans::write(std::size_t experiment, bool may_go_on) {
  const auto leaf = leaf_of(experiment);
  const auto& attempt = dependencies_.experiments.attempt(experiment);
  const auto task_exit = exit_of_attempt(experiment);
  const auto number =
      std::max({1U, attempt.attempt,
                dependencies_.tree.look(leaf, dependencies_.leases).attempts});
  VerdictText verdict;
  verdict.status = status_of(task_exit);
  verdict.message = exit_text(task_exit);
  verdict.start = attempt.since;
  verdict.end = utc_text(std::chrono::system_clock::now());
  verdict.seconds = seconds_from(verdict.start, verdict.end);
  JsonObject members;
  members.text("group", dependencies_.spec.group)
      .text("experiment", dependencies_.experiments.name(experiment))
      .natural("attempt", number)
      .text("run", dependencies_.spec.run_id)
      .text("command", dependencies_.spec.command)
      .text("eh", version);
  if (const auto exit = exit_json(task_exit); !exit.empty())
    members.raw("slurm", exit);
  verdict.members = members.members();
  if (may_go_on) dependencies_.tree.keep_out(leaf, number);
  dependencies_.tree.write_verdict(leaf, verdict_text(verdict));
  ExperimentEnded out;
  out.name = dependencies_.experiments.name(experiment);
  out.leaf = dependencies_.tree.leaf_path(leaf);
  out.attempt = number;
  out.status = verdict.status;
  out.message = verdict.message;
  out.seconds = verdict.seconds;
  return out;
}

// Of the task that began it, as its lease says.
TaskExit Orphans::exit_of_attempt(std::size_t experiment) {
  const auto& attempt = dependencies_.experiments.attempt(experiment);
  if (attempt.by) return exit_of(attempt.by->task);
  if (!dependencies_.spec.plan.pack && experiment < dependencies_.tasks.size())
    return exit_of(experiment);
  return {};
}

// One call shows all tasks of an array.
TaskExit Orphans::exit_of(std::size_t task) {
  TaskExit out;
  const auto& queued = dependencies_.tasks.queued(task);
  const auto* life = dependencies_.tasks.newest(task);
  if (queued) {
    out.job = queued->job;
    out.array_job = queued->array_job;
    if (queued->array_task)
      out.array_task = std::to_string(*queued->array_task);
    if (queued->phase == TaskPhase::ended) {
      out.state = queued->state;
      out.outcome = queued->outcome;
      out.reason = queued->reason;
    }
    out.node = queued->node;
  }
  if (life) {
    if (!life->who.job.empty()) out.job = life->who.job;
    if (!life->started.array_job.empty()) {
      out.array_job = life->started.array_job;
      out.array_task = life->started.array_task;
    }
    if (!life->started.node.empty()) out.node = life->started.node;
  }
  out.log = log_of(out.array_job, out.array_task);
  if (out.array_job.empty()) return out;
  if (asked_.insert(out.array_job).second) {
    const auto names = array_names(dependencies_.spec);
    const auto is_other = [&](const TaskExit& one) {  // the id was used again
      return !one.name.empty() &&
             std::find(names.begin(), names.end(), one.name) == names.end();
    };
    for (auto& one : dependencies_.scheduler.task_exits(out.array_job))
      if (!is_other(one)) exits_[one.job] = std::move(one);
  }
  const auto known = exits_.find(out.job);
  if (known == exits_.end()) return out;
  out.state = known->second.state;
  out.outcome = known->second.outcome;
  out.reason = known->second.reason;
  out.exit_code = known->second.exit_code;
  if (!known->second.log.empty()) out.log = known->second.log;
  return out;
}

// Nothing if the task has run something, or may have.
std::optional<Unable> Orphans::unable(std::size_t task) {
  const auto* life = dependencies_.tasks.newest(task);
  if (life && !(life->ended && life->ended->why == "broken")) return {};
  Unable out;
  std::string array_job, array_task;
  const auto& queued = dependencies_.tasks.queued(task);
  if (queued) {
    out.node = queued->node;
    array_job = queued->array_job;
    if (queued->array_task) array_task = std::to_string(*queued->array_task);
    // It never was on a node.
    if (!life && out.node.empty()) return {};
    out.words = queued->state;
  }
  if (life) {
    out.node = life->started.node;
    out.words = life->ended->message;
    array_job = life->started.array_job;
    array_task = life->started.array_task;
  }
  out.log = log_of(array_job, array_task);
  if (life) return out;
  auto words = last_words(out.log);
  if (words.empty() && queued && queued->outcome == TaskOutcome::cancelled)
    return {};
  // No log says more than the scheduler does.
  if (words.empty()) {
    const auto exit = exit_of(task);
    words = end_text(exit);
    if (const auto why = no_log_text(exit); !why.empty()) words += ": " + why;
  }
  out.words = std::move(words);
  return out;
}

std::vector<std::string> Orphans::look_at_unable(Clock::time_point now) {
  looked_at_.resize(dependencies_.tasks.size());
  std::size_t looked = 0;
  std::vector<Unable> fresh;
  for (std::size_t i = 0; i < looked_at_.size() && looked < logs_at_a_time;
       ++i) {
    if (looked_at_[i] || !dependencies_.tasks.gone(i, now)) continue;
    looked_at_[i] = true;
    if (unable_.size() + fresh.size() >= most_logs) continue;
    auto one = unable(i);
    if (!one) continue;
    ++looked;
    if (const auto* life = dependencies_.tasks.newest(i);
        life && unable_code_ == 0 && life->ended)
      unable_code_ = life->ended->exit_code;
    fresh.push_back(*std::move(one));
  }
  if (fresh.empty()) return {};
  std::vector<Unable> untold;
  std::set<std::string> kinds;
  for (auto& one : fresh) {
    const auto kind = unable_kind(one);
    if (told_.count(kind) == 0) {
      untold.push_back(one);
      kinds.insert(kind);
    }
    unable_.push_back(std::move(one));
  }
  told_.merge(kinds);
  told_count_ += untold.size();
  return unable_texts(untold);
}

std::vector<std::string> Orphans::unable_at_the_end(Clock::time_point now) {
  std::vector<std::string> out;
  for (std::size_t known = unable_.size() + 1; known != unable_.size();) {
    known = unable_.size();
    for (auto& text : look_at_unable(now)) out.push_back(std::move(text));
  }
  if (unable_.size() == told_count_) return out;
  for (auto& text : unable_texts(unable_))
    out.push_back("in all, " + std::move(text));
  return out;
}

}  // namespace eh::host
