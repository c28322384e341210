#include "run/runner.h"

#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <random>
#include <system_error>

#include "base/text.h"
#include "events/log_record.h"
#include "os/spawn.h"
#include "run/running_end.h"

namespace eh::host {
namespace {

std::string now_text() {
  return utc_text(std::chrono::system_clock::now());
}

}  // namespace

Runner::Runner(Dependencies dependencies, RunOptions options, Listener listener)
    : dependencies_(dependencies),
      options_(std::move(options)),
      tell_(std::move(listener)),
      running_(dependencies_.processes, options_.grace_period),
      slots_(std::max<std::size_t>(1, options_.jobs),
             [this] { return start_delay(); }) {
  random = [engine = std::mt19937_64(std::random_device()())]() mutable {
    return std::uniform_real_distribution<>()(engine);
  };
}

int Runner::run(ExperimentSource& source, Counts& counts) {
  source_ = &source;
  outcome_.counts = counts;
  start_queue_.emplace(source,
                       options_.since.empty() ? now_text() : options_.since);
  slots_.open(dependencies_.processes.now());
  keep_leases();
  auto tick_at = dependencies_.processes.now();
  for (;;) {
    fill_slots();
    if (running_.empty() &&
        (stopping_ || (start_queue_->empty() && held_by_others_.empty())))
      break;
    act_on(
        wait(std::min(next_deadline(), tick_at + duration_of(tick_seconds))));
    running_.keep_deadlines();
    for (const auto& left : running_.left()) on_over(left);
    if (dependencies_.processes.now() >= tick_at + duration_of(tick_seconds)) {
      tick_at = dependencies_.processes.now();
      keep_leases();
      if (on_tick) on_tick();
    }
  }
  outcome_.counts.not_started += not_started();
  counts = outcome_.counts;
  return outcome_.exit_code();
}

// Others see that we live, and we see what they took as we seemed not to.
void Runner::keep_leases() {
  if (dependencies_.processes.now() < heartbeat_at_) return;
  heartbeat_at_ =
      dependencies_.processes.now() + duration_of(heartbeat_seconds);
  dependencies_.leases.try_heartbeat();
  running_.kill_lost(dependencies_.leases);
}

Processes::Wake Runner::wait(Clock::time_point deadline) {
  return dependencies_.job
             ? wait_in_job(dependencies_.processes, deadline, running_)
             : dependencies_.processes.wait(deadline);
}

void Runner::act_on(Processes::Wake wake) {
  // Where the kernel killed one for memory, the others are not to blame.
  std::stable_partition(
      wake.ended.begin(), wake.ended.end(),
      [](const auto& one) { return one.second.signal == SIGKILL; });
  // Who has ended can be asked nothing.
  std::vector<std::optional<Running>> ended;
  for (const auto& [id, exit] : wake.ended) ended.push_back(running_.take(id));
  // Who is stopped in a job is so by the same as we are.
  if (dependencies_.job) on_signals(std::exchange(wake.signals, {}));
  for (std::size_t i = 0; i < ended.size(); ++i)
    if (ended[i])
      on_ended(wake.ended[i].first, *ended[i], wake.ended[i].second);
  on_signals(wake.signals);
}

Clock::duration Runner::start_delay() const {
  if (options_.start_delay <= 0) return {};
  return duration_of(random() * options_.start_delay);
}

bool Runner::may_start() {
  if (!stopping_ && reason_to_stop)
    if (const auto why = reason_to_stop(); !why.empty()) stop(why);
  return !stopping_;
}

void Runner::fill_slots() {
  const auto begun = dependencies_.processes.now();
  while (!stopping_ &&
         start_queue_->ready_at() <= dependencies_.processes.now() &&
         slot_is_ready() && may_start()) {
    auto turn = next_turn();
    if (!turn) break;
    begin(std::move(*turn));
    // A long row of experiments that others did must not delay the rest.
    if (dependencies_.processes.now() - begun > std::chrono::milliseconds(100))
      return;
  }
  if (!stopping_ && !held_by_others_.empty() && slot_is_ready() &&
      dependencies_.processes.now() >= held_by_others_.visit_at() &&
      may_start())
    visit_held_by_others();
}

std::optional<Turn> Runner::next_turn() {
  try {
    return start_queue_->next(dependencies_.processes.now());
  } catch (const Error& error) {
    outcome_.broken = error;
    stop(error.what());
    return {};
  }
}

// Claims and starts one experiment; false if another host has it.
bool Runner::begin(Turn turn) {
  const auto& experiment = turn.experiment;
  const Family& family = dependencies_.catalog.families[experiment.family];
  Running running;
  auto& attempt = running.attempt;
  attempt.experiment = experiment;
  attempt.name = family.name(experiment.point);
  attempt.leaf = leaf_of(dependencies_.catalog, experiment);
  try {
    const auto claim = dependencies_.tree.claim(
        attempt.leaf, dependencies_.leases,
        {turn.since, [&] { return limits(turn, attempt).retries; },
         options_.counts});
    return begin_claimed(std::move(turn), std::move(running), claim);
  } catch (const UnreadableVerdict& error) {
    unwritable(attempt, error.what(), false);
  } catch (const std::system_error& error) {
    unwritable(attempt, error.what(),
               dependencies_.tree.concerns_all(error.code()));
  }
  return true;
}

bool Runner::begin_claimed(Turn turn, Running running,
                           const ResultTree::Claim& claim) {
  auto& attempt = running.attempt;
  const auto leaf = dependencies_.tree.leaf_path(attempt.leaf);
  switch (claim.kind) {
    case ResultTree::Claim::busy:
      tell_(ExperimentHeldElsewhere{attempt.name, claim.holder.host,
                                    claim.holder.pid});
      if (!options_.wait_for_others) {
        ++outcome_.counts.not_started;
        source_->finished(attempt.experiment, false);
        return false;
      }
      // What failed until now, in whole milliseconds, was our own attempt.
      if (turn.left)
        turn.since = utc_text(std::chrono::system_clock::now() +
                              std::chrono::milliseconds(1));
      held_by_others_.add({std::move(turn), claim.holder.run_id});
      return false;
    case ResultTree::Claim::done:
      ++outcome_.counts.elsewhere;
      tell_(ExperimentEndedElsewhere{attempt.name, leaf, Status::ok, ""});
      source_->finished(attempt.experiment, true);
      return true;
    case ResultTree::Claim::settled:
      ++outcome_.counts.failed;
      tell_(ExperimentEndedElsewhere{attempt.name, leaf, claim.verdict->status,
                                     claim.verdict->message});
      source_->finished(attempt.experiment, true);
      return true;
    case ResultTree::Claim::claimed:
      break;
  }
  running.take(claim);
  running.limits = limits(turn, attempt);
  running.limits.retries -= claim.failures;
  attempt.slot = slots_.ready(dependencies_.processes.now());
  if (attempt.slot < options_.gpus.size())
    attempt.gpus = options_.gpus[attempt.slot];
  start(std::move(running));
  return true;
}

void Runner::start(Running running) {
  running.start_text = now_text();
  running.started = dependencies_.processes.now();
  if (running.limits.timeout > 0)
    running.time_limit = running.started + duration_of(running.limits.timeout);
  running.oom_mark = oom.mark();
  const auto& attempt = running.attempt;
  try {
    const auto id =
        dependencies_.processes.start(dependencies_.launches.launch(attempt));
    slots_.occupy(attempt.slot);
    tell_(ExperimentStarted{attempt.name,
                            dependencies_.tree.leaf_path(attempt.leaf),
                            attempt.number, attempt.slot, attempt.resumes,
                            options_.node, attempt.gpus});
    running_.add(id, std::move(running));
  } catch (const Error& error) {
    dependencies_.tree.leave(attempt.leaf, dependencies_.leases);
    ++outcome_.counts.not_started;
    source_->finished(attempt.experiment, false);
    outcome_.broken = error;
    stop(error.what());
  } catch (const std::system_error& error) {
    dependencies_.tree.leave(attempt.leaf, dependencies_.leases);
    if (is_shortage(error.code())) return put_off(running, error.what());
    unwritable(attempt, error.what(),
               dependencies_.tree.concerns_all(error.code()));
  }
}

// The system allows no more processes: when one ends there may be room.
void Runner::put_off(const Running& running, const std::string& reason) {
  const auto why = reason + " (ulimit -u and -n tell the limits)";
  start_queue_->retry({running.attempt.experiment, {}, running.limits});
  if (!slots_.limit(dependencies_.processes.now())) {
    outcome_.broken = Error(exit_write, why);
    stop(why);
  } else if (!std::exchange(told_of_shortage_, true)) {
    tell_(Notice{log_level::warning, "fewer run at a time than may (" +
                                         std::to_string(running_.size()) +
                                         " now): " + why});
  }
}

void Runner::visit_held_by_others() {
  const auto waiting = held_by_others_.size();
  bool freed = false;
  for (std::size_t i = 0; i < waiting && slot_is_ready() && !stopping_; ++i) {
    auto held = held_by_others_.take();
    Owner holder;
    try {
      holder = dependencies_.leases.holder(
          leaf_of(dependencies_.catalog, held.turn.experiment));
    } catch (const std::system_error&) {
      holder.run_id = held.run_id;  // a passing error: look again later
    }
    if (holder.exists())
      held_by_others_.add({std::move(held.turn), holder.run_id});
    else
      freed = begin(std::move(held.turn)) || freed;
  }
  held_by_others_.visited(dependencies_.processes.now(), freed);
}

Clock::time_point Runner::next_deadline() const {
  auto deadline = running_.next_deadline();
  if (stopping_) return deadline;
  const auto ready = slots_.ready_at();
  deadline = std::min(deadline, std::max(ready, start_queue_->ready_at()));
  if (!held_by_others_.empty())
    deadline = std::min(deadline, std::max(ready, held_by_others_.visit_at()));
  return deadline;
}

void Runner::on_signals(const std::vector<int>& signals) {
  for (const int signal : signals) {
    const bool up =
        dependencies_.job && dependencies_.job->means_time_is_up(signal);
    if (up && !time_is_up_) on_time_up();
    if (signal != SIGUSR2) on_stop_signal(signal);
  }
}

void Runner::on_time_up() {
  time_is_up_ = true;
  running_.ask_all_in_time(Clock::time_point::max());
  running_.ask_all_in_time(
      dependencies_.job->kill_at());  // to find out takes time
  stop("the time of the job is up");
}

void Runner::on_stop_signal(int signal) {
  if (outcome_.stop_signal != 0) {
    running_.kill_all();
    tell_(Stopping{"interrupted again", running_.size(), not_started(), true});
    return;
  }
  outcome_.stop_signal = signal;
  running_.ask_all();
  if (!time_is_up_) stop("interrupted");
}

void Runner::stop(const std::string& why) {
  stopping_ = true;
  tell_(Stopping{why, running_.size(), not_started(), false});
}

void Runner::on_ended(Processes::Id id, Running running, const Exit& exit) {
  running.exit = exit;
  running.seconds =
      seconds_between(running.started, dependencies_.processes.now());
  if (dependencies_.job && exit.signal == SIGTERM && !running.asked_to_stop) {
    running.asked_to_stop = time_is_up_ || outcome_.stop_signal != 0;
    running.out_of_time = time_is_up_;
  }
  if (options_.foreground && exit.signal == SIGINT) {
    outcome_.stop_signal = SIGINT;
    running.asked_to_stop = true;
  }
  if (const auto over = running_.leave(id, std::move(running))) on_over(*over);
}

// Nothing of it is left that could write into its leaf.
void Runner::on_over(const Running& running) {
  const auto& attempt = running.attempt;
  slots_.vacate(attempt.slot, dependencies_.processes.now());
  try {
    if (dependencies_.leases.lost(attempt.leaf, attempt.number))
      throw std::system_error(
          ESTALE, std::generic_category(),
          "another host took this over, as this one seemed dead");
    on_judged(running, judge(running));
  } catch (const std::system_error& error) {
    dependencies_.tree.leave(attempt.leaf, dependencies_.leases);
    unwritable(attempt, error.what(),
               dependencies_.tree.concerns_all(error.code()));
  }
}

void Runner::on_judged(const Running& running, ExperimentEnded ended) {
  const bool failed = is_failure(ended.status);
  ended.will_retry = failed && !stopping_ && running.limits.retries > 0;
  if (ended.will_retry) {
    tell_(ended);
    retry(running);
    return;
  }
  const auto& attempt = running.attempt;
  if (running.replaces && ended.status == Status::ok)
    dependencies_.tree.end_replaced(attempt.leaf);
  else if (!running.replaced_ok.empty())
    ended.kept = dependencies_.tree.leaf_path(running.replaced_ok);
  dependencies_.leases.release(attempt.leaf);
  source_->finished(attempt.experiment, failed || ended.status == Status::ok);
  if (ended.requeued) dependencies_.job->requeued(attempt);
  outcome_.count(ended);
  tell_(ended);
  if (failed && options_.max_fail > 0 &&
      outcome_.counts.failed >= options_.max_fail && !stopping_) {
    outcome_.max_fail_reached = true;
    stop(count_text(outcome_.counts.failed, "experiment") + " failed");
  }
}

void Runner::retry(const Running& running) {
  const auto& attempt = running.attempt;
  Running again{attempt, running.limits};
  --again.limits.retries;
  if (options_.start_delay > 0) {  // nothing is claimed meanwhile
    dependencies_.leases.release(attempt.leaf);
    start_queue_->retry({attempt.experiment, {}, again.limits});
    return;
  }
  try {
    const auto claim =
        dependencies_.tree.claim(attempt.leaf, dependencies_.leases);
    if (claim.kind != ResultTree::Claim::claimed)
      throw std::system_error(ESTALE, std::generic_category(),
                              "another host took this over");
    again.take(claim);
  } catch (const std::system_error& error) {
    dependencies_.tree.leave(attempt.leaf, dependencies_.leases);
    unwritable(attempt, error.what(),
               dependencies_.tree.concerns_all(error.code()));
    return;
  }
  start(std::move(again));
}

ExperimentEnded Runner::judge(const Running& running) {
  const auto& attempt = running.attempt;
  const auto end = end_of(running, dependencies_.job, oom);
  ExperimentEnded ended = judge_attempt(
      dependencies_.tree, attempt.leaf, end,
      [&] { return dependencies_.launches.verdict_members(attempt); });
  ended.name = attempt.name;
  ended.left_processes = running.left;
  ended.requeued =
      running.out_of_time && !end.timed_out && is_cut_off(ended.status);
  return ended;
}

void Runner::unwritable(const Attempt& attempt, const std::string& message,
                        bool stop_run) {
  ++outcome_.counts.unwritable;
  source_->finished(attempt.experiment, false);
  tell_(ExperimentUnwritable{
      attempt.name, dependencies_.tree.leaf_path(attempt.leaf), message});
  if (stop_run && !stopping_) stop("results cannot be written");
}

std::size_t Runner::not_started() const {
  return start_queue_->left() + held_by_others_.size();
}

}  // namespace eh::host
