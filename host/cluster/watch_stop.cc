#include "cluster/watch_stop.h"

#include <signal.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "cluster/stop_order.h"
#include "events/log_record.h"

namespace eh::host {
namespace {

using std::chrono::seconds;

// How long tasks get for their verdicts after they were cancelled; SLURM kills
// them after 30 s, if it is not told otherwise.
constexpr auto patience = seconds(90);

}  // namespace

void WatchStop::step(Clock::time_point now, std::size_t max_fail) {
  if (cancelling_ && !cancelled_ && now >= cancel_at_) cancel_all();
  if (stopping_) return;
  if (now >= look_at_) look(now);
  if (stopping_ || max_fail == 0 ||
      dependencies_.experiments.failed() < max_fail)
    return;
  max_fail_reached_ = true;
  const auto why =
      count_text(dependencies_.experiments.failed(), "experiment") + " failed";
  order("max_fail", why);
  stop(why);
  cancel_pending();
}

void WatchStop::look(Clock::time_point now) {
  look_at_ = now + seconds(1);
  const auto order = read_stop(dependencies_.tree, dependencies_.spec.run_id);
  if (!order) return;
  // What tasks stopped themselves counts as if it were --max-fail.
  const bool by_failures = order->why == "alike" || order->why == "max_fail";
  max_fail_reached_ = by_failures;
  stop(order->message.empty() ? "the run was cancelled" : order->message);
  if (by_failures)
    cancel_pending();
  else
    cancel_all();
}

void WatchStop::order(const char* why, const std::string& message) {
  try {
    write_stop(dependencies_.tree, dependencies_.spec.run_id, {why, message});
  } catch (const std::system_error& error) {
    notice(error.what());
  }
}

void WatchStop::stop(const std::string& why) {
  stopping_ = true;
  stopped_at_ = dependencies_.io.now();
  const auto running = dependencies_.experiments.running();
  const auto open = dependencies_.experiments.open().size();
  dependencies_.tell(
      Stopping{why, running, open - std::min(open, running), false});
}

void WatchStop::cancel_pending() {
  if (!dependencies_.queue.cancel_pending())
    notice("cannot cancel the tasks that wait: " +
           dependencies_.io.scheduler().error() + " (they find nothing to do)");
}

void WatchStop::cancel_all() {
  cancelling_ = true;
  const auto cancelling = cancel_jobs(dependencies_.tree, dependencies_.spec,
                                      dependencies_.io.scheduler());
  cancelled_ = cancelling.taken;
  if (!cancelling.others.empty() && !std::exchange(told_others_, true))
    notice(others_text(cancelling.others));
  cancel_at_ = dependencies_.io.now() + seconds(5);
  dependencies_.queue.hurry();
  if (cancelled_ || std::exchange(told_, true)) return;
  notice("cannot cancel the jobs yet: " + dependencies_.io.scheduler().error() +
         " (it is tried again; tasks start nothing new)");
}

bool WatchStop::on_signal(int signal) {
  if (signal != SIGINT) {
    code_ = 128 + signal;
    return true;
  }
  if (signal_ != 0) {
    hurry_ = true;
    return false;
  }
  const auto choice =
      dependencies_.io.ask_person().value_or(WatchIo::Choice::cancel);
  if (choice == WatchIo::Choice::go_on) return false;
  if (choice == WatchIo::Choice::leave) {
    code_ = exit_pending;
    return true;
  }
  signal_ = signal;
  order("cancelled", "interrupted");
  if (!stopping_) stop("interrupted");
  cancel_all();
  return false;
}

bool WatchStop::is_over(Clock::time_point now) const {
  if (hurry_) return true;
  if (!cancelling_) return false;
  if (now - stopped_at_ > patience) return true;
  return cancelled_ && dependencies_.tasks.none_active_since(stopped_at_) &&
         dependencies_.tasks.is_quiet();
}

void WatchStop::notice(const std::string& text) {
  dependencies_.tell(Notice{log_level::warning, text});
}

}  // namespace eh::host
