#include "cluster/orphans.h"

#include <algorithm>
#include <system_error>

#include "base/shortened.h"
#include "base/text.h"
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

std::string Settling::leaf_of(std::size_t experiment) const {
  return world_.spec.group + '/' + world_.book.name(experiment);
}

std::string Settling::log_of(const std::string& array_job,
                             const std::string& array_task) const {
  if (array_job.empty() || array_task.empty()) return {};
  return world_.log_dir + '/' + array_job + '_' + array_task + ".out";
}

bool Settling::counts(const Verdict& verdict) const {
  const auto& force = world_.spec.force;
  return verdict.status == Status::ok &&
         (force.empty() ||
          ForceOrder(world_.tree.fd(), force).has(verdict.run_id));
}

std::optional<Event> Settling::look(std::size_t experiment) const {
  const auto leaf = leaf_of(experiment);
  const auto& name = world_.book.name(experiment);
  const auto path = world_.tree.leaf_path(leaf);
  try {
    const auto verdict = world_.tree.verdict(leaf);
    if (!verdict) return {};
    if (verdict->run_id == world_.spec.run_id) {
      ExperimentEnded out;
      out.name = name;
      out.leaf = path;
      out.attempt = verdict->attempt;
      out.status = verdict->status;
      out.message = verdict->message;
      if (!verdict->exception.empty())
        out.message = verdict->exception + ": " + out.message;
      out.message = shortened_message(out.message, world_.tree.verdict_file());
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

bool Settling::is_ok(std::size_t experiment) const {
  try {
    const auto verdict = world_.tree.verdict(leaf_of(experiment));
    return verdict && counts(*verdict);
  } catch (const UnreadableVerdict&) {
    return false;
  }
}

Settling::Outcome Settling::settle(std::size_t experiment) {
  const auto leaf = leaf_of(experiment);
  const auto path = world_.tree.leaf_path(leaf);
  const auto& name = world_.book.name(experiment);
  try {
    if (auto event = look(experiment)) return {Outcome::over, event};
    if (world_.leases.holder(leaf).exists()) return {Outcome::alive};
    const bool begun =
        world_.leases.named(leaf).starts_with(world_.spec.run_id + '.');
    if (begun) {
      const auto lease = world_.leases.acquire(leaf);
      if (!lease.acquired) return {Outcome::alive};
      Outcome out{Outcome::over, look(experiment)};
      if (!out.event) out.event = write(experiment, lease.taken_over);
      world_.leases.release(leaf);
      return out;
    }
    if (const auto& held = world_.book.held(experiment))
      return {Outcome::over, held};
    if (world_.book.attempt(experiment).attempt == 0) return {};
    return {Outcome::over,
            ExperimentUnwritable{name, path, "its leaf has no verdict"}};
  } catch (const std::system_error& error) {
    world_.leases.release(leaf);
    return {Outcome::over, ExperimentUnwritable{name, path, error.what()}};
  }
}

// The verdict of a dead task's experiment. On another machine it may only have
// been cut off, and must not write its own over this one.
Event Settling::write(std::size_t experiment, bool may_go_on) {
  const auto leaf = leaf_of(experiment);
  const auto& attempt = world_.book.attempt(experiment);
  const auto fate = fate_of_attempt(experiment);
  FateVerdict about;
  about.group = world_.spec.group;
  about.experiment = world_.book.name(experiment);
  about.run_id = world_.spec.run_id;
  about.command = world_.spec.command;
  about.attempt = std::max(
      {1U, attempt.attempt, world_.tree.look(leaf, world_.leases).attempts});
  about.start = attempt.since;
  about.end = utc_text(std::chrono::system_clock::now());
  about.seconds = seconds_from(about.start, about.end);
  if (may_go_on) world_.tree.keep_out(leaf, about.attempt);
  world_.tree.write_verdict(leaf, verdict_json(about, fate));
  ExperimentEnded out;
  out.name = about.experiment;
  out.leaf = world_.tree.leaf_path(leaf);
  out.attempt = about.attempt;
  out.status = status_of(fate);
  out.message = fate_text(fate);
  out.seconds = about.seconds;
  return out;
}

// Of the task that began it, as its lease says.
TaskFate Settling::fate_of_attempt(std::size_t experiment) {
  const auto& attempt = world_.book.attempt(experiment);
  if (attempt.by) return fate_of(attempt.by->task);
  if (!world_.spec.plan.pack && experiment < world_.tasks.size())
    return fate_of(experiment);
  return {};
}

// One call shows all tasks of an array.
TaskFate Settling::fate_of(std::size_t task) {
  TaskFate out;
  const auto& queued = world_.tasks.queued(task);
  const auto* life = world_.tasks.newest(task);
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
  if (asked_.insert(out.array_job).second)
    for (auto& one : world_.scheduler.fates(out.array_job))
      fates_[one.job] = std::move(one);
  const auto known = fates_.find(out.job);
  if (known == fates_.end()) return out;
  out.state = known->second.state;
  out.outcome = known->second.outcome;
  out.reason = known->second.reason;
  out.exit = known->second.exit;
  if (!known->second.log.empty()) out.log = known->second.log;
  return out;
}

// Nothing if the task has run something, or may have.
std::optional<Unable> Settling::unable(std::size_t task) {
  const auto* life = world_.tasks.newest(task);
  if (life && !(life->ended && life->ended->why == "broken")) return {};
  Unable out;
  std::string array_job, array_task;
  const auto& queued = world_.tasks.queued(task);
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
  if (words.empty()) words = end_text(fate_of(task));
  out.words = std::move(words);
  return out;
}

std::vector<std::string> Settling::look_at_unable(Clock::time_point now) {
  looked_at_.resize(world_.tasks.size());
  std::size_t looked = 0;
  std::vector<Unable> fresh;
  for (std::size_t i = 0; i < looked_at_.size() && looked < logs_at_a_time;
       ++i) {
    if (looked_at_[i] || !world_.tasks.gone(i, now)) continue;
    looked_at_[i] = true;
    if (unable_.size() + fresh.size() >= most_logs) continue;
    auto one = unable(i);
    if (!one) continue;
    ++looked;
    if (const auto* life = world_.tasks.newest(i);
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

std::vector<std::string> Settling::unable_at_the_end(Clock::time_point now) {
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
