#include "cluster/time_limit.h"

#include <signal.h>

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include "base/text.h"
#include "os/file.h"

namespace eh::host {
namespace {

constexpr double late = 0.9;      // of the time that an attempt has had
constexpr double ask_again = 60;  // seconds after nobody knew

}  // namespace

TimeLimit::TimeLimit(Rules rules, const ResultTree& tree, const Leases& leases,
                     std::function<Clock::time_point()> now,
                     std::function<JobTimes()> ask)
    : rules_(std::move(rules)),
      tree_(tree),
      leases_(leases),
      now_(std::move(now)),
      ask_(std::move(ask)),
      begin_(now_()),
      ask_at_(begin_),
      limit_(rules_.limit) {}

void TimeLimit::find_out() {
  if (end_ || now_() < ask_at_) return;
  const auto times = ask_();
  ask_at_ = now_() + duration_of(ask_again);
  if (times.limit) limit_ = times.limit;
  if (times.left) end_ = now_() + duration_of(*times.left);
}

// By the best that is known without asking anybody.
std::optional<Clock::time_point> TimeLimit::end() const {
  if (end_) return end_;
  if (limit_) return begin_ + duration_of(*limit_);
  return {};
}

// The scheduler is told no more than half of the limit.
double TimeLimit::delay() const {
  return limit_ ? std::min(rules_.signal_delay, *limit_ / 2)
                : rules_.signal_delay;
}

bool TimeLimit::fits(double seconds) {
  if (!limit_) find_out();
  const auto last = end();
  return !last || seconds_between(now_(), *last) - delay() >= seconds;
}

bool TimeLimit::means_time_is_up(int signal) {
  if (signal == SIGUSR2) return is_up_ = true;
  // A scheduler looks at the time now and then, and never stops a job too
  // early.
  const auto last = end();
  if (last && signal == SIGTERM && now_() + duration_of(3) >= *last)
    is_up_ = true;
  return is_up_ && signal == SIGTERM;
}

std::string TimeLimit::why_stopped() {
  if (run_is_stopped()) return {};
  return "killed because its job was ended in SLURM, by scancel or the like";
}

Clock::time_point TimeLimit::kill_at() {
  find_out();
  const double margin = std::clamp(delay() / 4, 2.0, 10.0);
  const auto last = end();
  const double left = last ? seconds_between(now_(), *last) : delay();
  return now_() + duration_of(std::max(0.0, left - margin));
}

std::size_t TimeLimit::times_requeued(const Attempt& attempt) const {
  try {
    const auto text =
        read_file(tree_.fd(), attempt.leaf + '/' + requeue_count_file);
    const auto words = split(text.value_or(""), ' ');
    if (words.size() < 2 || words[0] != rules_.run_id) return 0;
    return std::strtoul(words[1].c_str(), nullptr, 10);
  } catch (const std::system_error&) {
    return 0;
  }
}

std::string TimeLimit::ends(const Attempt& attempt, double seconds) {
  std::string message = "took longer than SLURM's time limit";
  if (limit_) message += " of " + duration_text(*limit_);
  const auto times = times_requeued(attempt);
  if (times >= rules_.max_requeues) {
    if (times > 0)
      message += ", also when it had gone on in another job " +
                 count_text(times, "time") + " (slurm.max_requeues)";
    return message;
  }
  // A scheduler may warn a minute earlier than it was told to.
  const double so_far = seconds_between(begin_, now_());
  const bool had_it_all =
      !limit_ || seconds >= late * std::min(*limit_ - delay(), so_far);
  if (!had_it_all) return {};
  try {
    if (tree_.look(attempt.leaf, leases_).checkpoint) return {};
  } catch (const std::system_error&) {
  }
  return message + " and left no checkpoint to go on from";
}

void TimeLimit::requeued(const Attempt& attempt) {
  ++went_on_;
  const auto file = attempt.leaf + '/' + requeue_count_file;
  try {
    make_directories(tree_.fd(), attempt.leaf + "/.eh");
    replace_file(tree_.fd(), file, file + ".tmp",
                 rules_.run_id + ' ' +
                     std::to_string(times_requeued(attempt) + 1) + '\n');
  } catch (const std::system_error&) {
    // Then this time does not count.
  }
}

}  // namespace eh::host
