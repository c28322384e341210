#include "run/running_attempts.h"

#include <signal.h>

#include <algorithm>

namespace eh::host {
namespace {

// Between looks at what an attempt left behind.
constexpr Clock::duration first_pause = std::chrono::milliseconds(5);
constexpr Clock::duration longest_pause = std::chrono::milliseconds(100);

}  // namespace

void Running::take(const LeafClaim& claim) {
  attempt.number = claim.attempt;
  attempt.resumes = claim.resumes;
  replaces = claim.replaces;
  replaced_ok = claim.replaced_ok;
}

std::optional<Running> RunningAttempts::take(Processes::Id id) {
  auto node = running_.extract(id);
  if (node.empty()) return {};
  return std::move(node.mapped());
}

std::optional<Running> RunningAttempts::leave(Processes::Id id,
                                              Running running) {
  if (!running.kill_at) running.kill_at = processes_.now() + grace_;
  Leaving leaving{std::move(running), {}, first_pause};
  if (is_gone(id, leaving)) return std::move(leaving.running);
  leaving_.emplace(id, std::move(leaving));
  return {};
}

bool RunningAttempts::is_gone(Processes::Id id, Leaving& leaving) {
  auto& running = leaving.running;
  const auto now = processes_.now();
  const bool kill = running.killed || now >= *running.kill_at;
  if (!kill && now < leaving.look_at) return false;
  const auto left = processes_.sweep(id, kill ? SIGKILL : SIGTERM);
  running.left = left.found;
  leaving.look_at = now + leaving.pause;
  leaving.pause = std::min(2 * leaving.pause, longest_pause);
  return kill || !left.any;
}

std::vector<Running> RunningAttempts::left() {
  std::vector<Running> out;
  for (auto at = leaving_.begin(); at != leaving_.end();) {
    if (!is_gone(at->first, at->second)) {
      ++at;
      continue;
    }
    out.push_back(std::move(at->second.running));
    at = leaving_.erase(at);
  }
  return out;
}

Clock::time_point RunningAttempts::next_deadline() const {
  auto deadline = Clock::time_point::max();
  for (const auto& [id, leaving] : leaving_)
    deadline = std::min({deadline, leaving.look_at, *leaving.running.kill_at});
  for (const auto& [id, running] : running_) {
    if (running.kill_at)
      deadline = std::min(deadline, *running.kill_at);
    else if (running.time_limit && !running.asked_to_stop)
      deadline = std::min(deadline, *running.time_limit);
  }
  return deadline;
}

void RunningAttempts::keep_deadlines() {
  const auto now = processes_.now();
  for (auto& [id, running] : running_) {
    if (running.kill_at && now >= *running.kill_at) {
      running.killed = true;
      processes_.signal_group(id, SIGKILL);
      running.kill_at = now + duration_of(1);
    } else if (!running.kill_at && running.time_limit &&
               now >= *running.time_limit) {
      running.timed_out = true;
      ask(id, running, now + grace_);
    }
  }
}

void RunningAttempts::ask(Processes::Id id, Running& running,
                          Clock::time_point kill_at) {
  running.kill_at = std::min(kill_at, running.kill_at.value_or(kill_at));
  if (running.asked_to_stop) return;
  running.asked_to_stop = true;
  processes_.signal_group(id, SIGTERM);
}

void RunningAttempts::ask_all() {
  const auto kill_at = processes_.now() + grace_;
  for (auto& [id, running] : running_) ask(id, running, kill_at);
}

void RunningAttempts::kill_left_by(Clock::time_point kill_at) {
  for (auto& [id, leaving] : leaving_)
    leaving.running.kill_at = std::min(kill_at, *leaving.running.kill_at);
}

void RunningAttempts::ask_all_in_time(Clock::time_point kill_at) {
  for (auto& [id, running] : running_) {
    running.out_of_time = running.out_of_time || !running.asked_to_stop;
    ask(id, running, kill_at);
  }
  kill_left_by(kill_at);
}

void RunningAttempts::kill_all() {
  for (auto& [id, running] : running_) kill(id, running);
  kill_left_by(processes_.now());
}

void RunningAttempts::kill_lost(const Leases& leases) {
  for (auto& [id, running] : running_)
    if (leases.lost(running.attempt.leaf, running.attempt.number))
      kill(id, running);
  for (auto& [id, leaving] : leaving_)
    if (const auto& attempt = leaving.running.attempt;
        leases.lost(attempt.leaf, attempt.number))
      leaving.running.kill_at = processes_.now();
}

void RunningAttempts::kill(Processes::Id id, Running& running) {
  running.asked_to_stop = true;
  running.killed = true;
  running.kill_at = processes_.now() + duration_of(1);
  processes_.signal_group(id, SIGKILL);
}

}  // namespace eh::host
