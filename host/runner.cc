#include "runner.h"

#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <random>
#include <system_error>

#include "attempt_end.h"
#include "text.h"

namespace eh::host {
namespace {

// More than thirty years would leave the clock's range in the end.
Clock::duration duration_of(double seconds) {
  return std::chrono::duration_cast<Clock::duration>(
      std::chrono::duration<double>(std::min(seconds, 1e9)));
}

double seconds_between(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

// Whether every further experiment would meet the same error.
bool is_lasting(const std::error_code& code) {
  switch (code.value()) {
    case ENOSPC:
    case EDQUOT:
    case EROFS:
    case EIO:
    case EACCES:
    case EPERM:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case EAGAIN:
      return true;
    default:
      return false;
  }
}

}  // namespace

Runner::Runner(World world, RunOptions options, Listener listener)
    : world_(world),
      options_(options),
      tell_(std::move(listener)),
      slots_(std::max<std::size_t>(1, options_.jobs),
             [this] { return start_delay(); }) {
  random = [engine = std::mt19937_64(std::random_device()())]() mutable {
    return std::uniform_real_distribution<>()(engine);
  };
}

int Runner::run(const std::vector<Experiment>& todo, Counts& counts) {
  todo_ = &todo;
  counts_ = &counts;
  slots_.open(world_.processes.now());
  started_at_ = utc_text(std::chrono::system_clock::now());
  oom_kills_ = kernel_oom_kills();
  auto tick_at = world_.processes.now();
  for (;;) {
    fill_slots();
    if (running_.empty() && (stopping_ || not_started() == 0)) break;
    const auto wake = world_.processes.wait(
        std::min(next_deadline(), tick_at + duration_of(tick_seconds)));
    for (const auto& [id, exit] : wake.ended) on_ended(id, exit);
    for (const int signal : wake.signals) on_signal(signal);
    keep_deadlines();
    if (world_.processes.now() >= tick_at + duration_of(tick_seconds)) {
      tick_at = world_.processes.now();
      if (on_tick) on_tick();
    }
  }
  counts.not_started += not_started();
  return exit_code();
}

Clock::duration Runner::start_delay() const {
  if (options_.start_delay <= 0) return {};
  return duration_of(random() * options_.start_delay);
}

bool Runner::slot_is_ready() const {
  return slots_.ready_at() <= world_.processes.now();
}

void Runner::fill_slots() {
  const auto begun = world_.processes.now();
  while (!stopping_ && (!retries_.empty() || next_ < todo_->size()) &&
         slot_is_ready()) {
    if (!retries_.empty()) {
      auto turn = std::move(retries_.front());
      retries_.pop_front();
      begin(std::move(turn));
    } else {
      begin({(*todo_)[next_++], started_at_, {}});
    }
    // A long row of experiments that others did must not delay the rest.
    if (world_.processes.now() - begun > std::chrono::milliseconds(100)) return;
  }
  if (!stopping_ && !elsewhere_.empty() && slot_is_ready() &&
      world_.processes.now() >= visit_at_)
    visit_elsewhere();
}

// Claims and starts one experiment; false if another host has it.
bool Runner::begin(Turn turn) {
  const auto& experiment = turn.experiment;
  const Family& family = world_.catalog.families[experiment.family];
  Running running;
  running.attempt.experiment = experiment;
  running.attempt.name = family.name(experiment.point);
  running.attempt.leaf = leaf_of(world_.catalog, experiment);
  const auto& [name, leaf] =
      std::tie(running.attempt.name, running.attempt.leaf);
  try {
    const auto claim = world_.tree.claim(leaf, world_.leases, turn.since);
    if (claim.kind == ResultTree::Claim::busy) {
      tell_(ExperimentHeldElsewhere{name, claim.holder.host, claim.holder.pid});
      // What failed until now, in whole milliseconds, was our own attempt.
      if (turn.left)
        turn.since = utc_text(std::chrono::system_clock::now() +
                              std::chrono::milliseconds(1));
      elsewhere_.push_back({std::move(turn), claim.holder.run_id});
      return false;
    }
    if (claim.kind == ResultTree::Claim::done) {
      ++counts_->elsewhere;
      tell_(ExperimentEndedElsewhere{name, world_.tree.leaf_path(leaf),
                                     Status::ok, ""});
      return true;
    }
    if (claim.kind == ResultTree::Claim::settled) {
      ++counts_->failed;
      tell_(ExperimentEndedElsewhere{name, world_.tree.leaf_path(leaf),
                                     claim.verdict->status,
                                     claim.verdict->message});
      return true;
    }
    running.attempt.number = claim.attempt;
    running.attempt.resumes = claim.resumes;
  } catch (const UnreadableVerdict& error) {
    unwritable(name, leaf, error.what(), false);
    return true;
  } catch (const std::system_error& error) {
    unwritable(name, leaf, error.what(), is_lasting(error.code()));
    return true;
  }
  running.limits =
      turn.left ? *turn.left : world_.launches.limits(running.attempt);
  running.attempt.slot = slots_.ready(world_.processes.now());
  start(std::move(running));
  return true;
}

void Runner::start(Running running) {
  running.start_text = utc_text(std::chrono::system_clock::now());
  running.started = world_.processes.now();
  if (running.limits.timeout > 0)
    running.time_limit = running.started + duration_of(running.limits.timeout);
  const auto& attempt = running.attempt;
  try {
    const auto id = world_.processes.start(world_.launches.launch(attempt));
    slots_.occupy(attempt.slot);
    tell_(ExperimentStarted{attempt.name, world_.tree.leaf_path(attempt.leaf),
                            attempt.number, attempt.slot, attempt.resumes});
    running_.emplace(id, std::move(running));
  } catch (const Error& error) {
    world_.tree.leave(attempt.leaf, world_.leases);
    ++counts_->not_started;
    broken_ = error;
    stop(error.what());
  } catch (const std::system_error& error) {
    world_.tree.leave(attempt.leaf, world_.leases);
    unwritable(attempt.name, attempt.leaf, error.what(),
               is_lasting(error.code()));
  }
}

void Runner::visit_elsewhere() {
  const auto waiting = elsewhere_.size();
  bool any = false;
  for (std::size_t i = 0; i < waiting && slot_is_ready() && !stopping_; ++i) {
    auto one = std::move(elsewhere_.front());
    elsewhere_.pop_front();
    Owner holder;
    try {
      holder =
          world_.leases.holder(leaf_of(world_.catalog, one.turn.experiment));
    } catch (const std::system_error&) {
      holder.run_id = one.run_id;  // a passing error: look again later
    }
    if (holder.exists())
      elsewhere_.push_back({std::move(one.turn), holder.run_id});
    else
      any = begin(std::move(one.turn)) || any;
  }
  // Look often at first, rarely when it takes long.
  visit_pause_ = any ? 0.05 : std::min(2.0, visit_pause_ * 1.5);
  visit_at_ = world_.processes.now() + duration_of(visit_pause_);
}

Clock::time_point Runner::next_deadline() const {
  auto deadline = Clock::time_point::max();
  for (const auto& [id, running] : running_) {
    if (running.kill_at)
      deadline = std::min(deadline, *running.kill_at);
    else if (running.time_limit && !running.asked_to_stop)
      deadline = std::min(deadline, *running.time_limit);
  }
  if (stopping_) return deadline;
  const auto ready = slots_.ready_at();
  if (!retries_.empty() || next_ < todo_->size())
    deadline = std::min(deadline, ready);
  if (!elsewhere_.empty())
    deadline = std::min(deadline, std::max(ready, visit_at_));
  return deadline;
}

void Runner::keep_deadlines() {
  const auto now = world_.processes.now();
  for (auto& [id, running] : running_) {
    if (running.kill_at && now >= *running.kill_at) {
      world_.processes.signal_group(id, SIGKILL);
      running.kill_at = now + duration_of(1);
    } else if (!running.kill_at && running.time_limit &&
               now >= *running.time_limit) {
      running.timed_out = running.asked_to_stop = true;
      running.kill_at = now + duration_of(options_.grace_period);
      world_.processes.signal(id, SIGTERM);
    }
  }
}

void Runner::on_signal(int signal) {
  if (stop_signal_ != 0) {
    kill_all();
    return;
  }
  stop_signal_ = signal;
  const auto now = world_.processes.now();
  for (auto& [id, running] : running_) {
    if (running.asked_to_stop) continue;
    running.asked_to_stop = true;
    running.kill_at = now + duration_of(options_.grace_period);
    world_.processes.signal(id, SIGTERM);
  }
  stop("interrupted");
}

void Runner::stop(const std::string& why) {
  stopping_ = true;
  tell_(Stopping{why, running_.size(), not_started(), false});
}

void Runner::kill_all() {
  const auto now = world_.processes.now();
  for (auto& [id, running] : running_) {
    running.asked_to_stop = true;
    running.kill_at = now + duration_of(1);
    world_.processes.signal_group(id, SIGKILL);
  }
  tell_(Stopping{"interrupted again", running_.size(), not_started(), true});
}

void Runner::on_ended(Processes::Id id, const Exit& exit) {
  auto node = running_.extract(id);
  if (node.empty()) return;
  Running& running = node.mapped();
  const auto& attempt = running.attempt;
  slots_.vacate(attempt.slot, world_.processes.now());
  ExperimentEnded ended;
  std::size_t left = 0;
  try {
    left = world_.processes.sweep(id);
    if (world_.leases.lost(attempt.leaf, attempt.number))
      throw std::system_error(
          ESTALE, std::generic_category(),
          "another host took this over, as this one seemed dead");
    if (options_.foreground && exit.signal == SIGINT) {
      stop_signal_ = SIGINT;
      running.asked_to_stop = true;
    }
    ended = judge(running, exit);
  } catch (const std::system_error& error) {
    world_.tree.leave(attempt.leaf, world_.leases);
    unwritable(attempt.name, attempt.leaf, error.what(),
               is_lasting(error.code()));
    return;
  }
  ended.left_processes = left;
  unwritten_ = unwritten_ || ended.unwritten;
  const bool failed = ended.status != Status::ok &&
                      ended.status != Status::cancelled &&
                      ended.status != Status::stopped;
  ended.will_retry = failed && !stopping_ && running.limits.retries > 0;
  if (!ended.will_retry) {
    world_.leases.release(attempt.leaf);
    count(ended);
    tell_(ended);
    if (failed && options_.max_fail > 0 &&
        counts_->failed >= options_.max_fail && !stopping_) {
      max_fail_reached_ = true;
      stop(count_text(counts_->failed, "experiment") + " failed");
    }
    return;
  }
  tell_(ended);
  retry(running);
}

void Runner::retry(const Running& running) {
  const auto& attempt = running.attempt;
  Running again;
  again.attempt = attempt;
  again.limits = running.limits;
  --again.limits.retries;
  if (options_.start_delay > 0) {  // nothing is claimed meanwhile
    world_.leases.release(attempt.leaf);
    retries_.push_back({attempt.experiment, {}, again.limits});
    return;
  }
  try {
    const auto claim = world_.tree.claim(attempt.leaf, world_.leases);
    if (claim.kind != ResultTree::Claim::claimed)
      throw std::system_error(ESTALE, std::generic_category(),
                              "another host took this over");
    again.attempt.number = claim.attempt;
    again.attempt.resumes = claim.resumes;
  } catch (const std::system_error& error) {
    world_.tree.leave(attempt.leaf, world_.leases);
    unwritable(attempt.name, attempt.leaf, error.what(), true);
    return;
  }
  start(std::move(again));
}

ExperimentEnded Runner::judge(const Running& running, const Exit& exit) {
  const auto& attempt = running.attempt;
  AttemptEnd end;
  end.exit = exit;
  end.timed_out = running.timed_out;
  end.asked_to_stop = running.asked_to_stop;
  end.timeout = running.limits.timeout;
  end.start = running.start_text;
  end.seconds = seconds_between(running.started, world_.processes.now());
  end.attempt = attempt.number;
  if (exit.signal == SIGKILL) {
    const auto kills = kernel_oom_kills();
    end.oom_kill = kills > oom_kills_;
    if (end.oom_kill) ++oom_kills_;  // another may have been killed as well
  }
  ExperimentEnded ended = judge_attempt(world_.tree, attempt.leaf, end, [&] {
    return world_.launches.verdict_members(attempt);
  });
  ended.name = attempt.name;
  return ended;
}

void Runner::count(const ExperimentEnded& ended) {
  switch (ended.status) {
    case Status::ok:
      ++counts_->ok;
      break;
    case Status::cancelled:
    case Status::stopped:
      ++counts_->cancelled;
      break;
    default:
      ++counts_->failed;
  }
}

void Runner::unwritable(const std::string& name, const std::string& leaf,
                        const std::string& message, bool stop_run) {
  ++counts_->unwritable;
  tell_(ExperimentUnwritable{name, world_.tree.leaf_path(leaf), message});
  if (stop_run && !stopping_) stop("results cannot be written");
}

std::size_t Runner::not_started() const {
  return todo_->size() - next_ + retries_.size() + elsewhere_.size();
}

int Runner::exit_code() const {
  if (stop_signal_ != 0) return 128 + stop_signal_;
  if (counts_->unwritable > 0 || unwritten_) return exit_write;
  if (broken_) return broken_->code();
  if (max_fail_reached_) return exit_max_fail;
  if (counts_->failed > 0 || counts_->cancelled > 0) return exit_failed;
  return counts_->not_started > 0 ? exit_pending : exit_done;
}

}  // namespace eh::host
