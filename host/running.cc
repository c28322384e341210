#include "running.h"

#include <signal.h>

#include <algorithm>

namespace eh::host {

std::optional<Running> RunningAttempts::take(Processes::Id id) {
  auto node = running_.extract(id);
  if (node.empty()) return {};
  return std::move(node.mapped());
}

Clock::time_point RunningAttempts::next_deadline() const {
  auto deadline = Clock::time_point::max();
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
  processes_.signal(id, SIGTERM);
}

void RunningAttempts::ask_all() {
  const auto kill_at = processes_.now() + grace_;
  for (auto& [id, running] : running_) ask(id, running, kill_at);
}

void RunningAttempts::ask_all_in_time(Clock::time_point kill_at) {
  for (auto& [id, running] : running_) {
    running.out_of_time = running.out_of_time || !running.asked_to_stop;
    ask(id, running, kill_at);
  }
}

void RunningAttempts::kill_all() {
  for (auto& [id, running] : running_) kill(id, running);
}

void RunningAttempts::kill_lost(const Leases& leases) {
  for (auto& [id, running] : running_)
    if (leases.lost(running.attempt.leaf, running.attempt.number))
      kill(id, running);
}

void RunningAttempts::kill(Processes::Id id, Running& running) {
  running.asked_to_stop = true;
  running.kill_at = processes_.now() + duration_of(1);
  processes_.signal_group(id, SIGKILL);
}

}  // namespace eh::host
