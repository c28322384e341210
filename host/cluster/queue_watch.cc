#include "cluster/queue_watch.h"

#include <algorithm>

#include "base/text.h"
#include "cluster/stop_order.h"
#include "events/log_record.h"

namespace eh::host {
namespace {

using std::chrono::seconds;

constexpr auto longest_queue_pause = seconds(30);
constexpr auto longest_queue_pause_failing = seconds(120);
// Of the time between two questions, the part that an answer may take.
constexpr double longest_share = 0.1;
// Failures in a row before it is said: one may be chance.
constexpr std::size_t told_failures = 2;
// Answers in a row that call a task hopeless before it is cancelled.
constexpr int sure = 3;

}  // namespace

QueueWatch::QueueWatch(
    WatchIo& world, TaskLedger& tasks, const RunSpec& spec,
    std::function<std::vector<SubmittedArray>()> jobs,
    std::function<void(int level, const std::string&)> notice)
    : world_(world),
      tasks_(tasks),
      names_(array_names(spec)),
      jobs_(std::move(jobs)),
      notice_(std::move(notice)),
      begin_(world.now()) {}

void QueueWatch::step(Clock::time_point now, bool stopping) {
  if (const auto answer = world_.take_answer()) {
    asking_ = false;
    take(*answer, now, stopping);
    pause_ = next_pause(now);
    answered_at_ = now;
  }
  if (asking_ || now < answered_at_ + pause_) return;
  asking_ = true;
  world_.ask_queue(names_);
}

// Fast at first and where things happen; cheap when it takes long.
Clock::duration QueueWatch::next_pause(Clock::time_point now) const {
  const auto age = now - begin_;
  const Clock::duration least = age < seconds(600)    ? seconds(2)
                                : age < seconds(3600) ? seconds(5)
                                                      : seconds(10);
  const auto most =
      failures_ > 0 ? longest_queue_pause_failing : longest_queue_pause;
  const auto longer = failures_ == 1  ? least  // it may be chance
                      : failures_ > 0 ? 2 * pause_
                                      : pause_ * 3 / 2;
  const auto pause = std::clamp<Clock::duration>(longer, least, most);
  return std::max(pause, duration_of(seconds_ / longest_share));
}

void QueueWatch::take(const QueueAnswer& answer, Clock::time_point now,
                      bool stopping) {
  seconds_ = answer.seconds;
  tell_trouble(answer);
  if (!answer.tasks) return tasks_.no_answer(now);
  tasks_.answer(*answer.tasks, now);
  tell_requeued();
  for (const auto task : tasks_.unseen(now)) confirm(task);
  if (!stopping) look_at_hindrances();
}

void QueueWatch::tell_trouble(const QueueAnswer& answer) {
  if (answer.tasks) {
    if (failures_ >= told_failures)
      notice_(log_level::info, "SLURM answers again");
    failures_ = 0;
  } else if (++failures_ == told_failures) {
    notice_(log_level::warning,
            "SLURM does not answer (" + answer.error +
                "): what tasks say of themselves is shown, and it is asked"
                " again");
  }
}

void QueueWatch::tell_requeued() {
  for (const auto& [reason, count] : tasks_.take_requeued())
    notice_(log_level::warning, count_text(count, "task was", "tasks were") +
                                    " put back into the queue by SLURM" +
                                    (reason.empty() ? "" : ": " + reason));
}

void QueueWatch::look_at_hindrances() {
  std::map<std::string, std::vector<QueuedTask>> by_reason;
  for (auto& task : tasks_.pending())
    by_reason[task.reason].push_back(std::move(task));
  std::map<std::string, int> hopeless;
  for (const auto& [reason, tasks] : by_reason) {
    const auto& hindrance = tasks.front().hindrance;
    if (hindrance.kind == Hindrance::none) continue;
    const bool never = hindrance.kind == Hindrance::never;
    if (told_reasons_.insert(reason).second)
      notice_(never ? log_level::error : log_level::warning,
              count_text(tasks.size(), "task") +
                  (never              ? " cannot start: "
                   : tasks.size() > 1 ? " do not start: "
                                      : " does not start: ") +
                  reason + " (" + hindrance.advice + ')');
    if (!never) continue;
    auto& answers = hopeless[reason];
    answers = hopeless_[reason] + 1;
    if (answers >= sure && world_.scheduler().cancel_tasks(tasks))
      notice_(log_level::error,
              count_text(tasks.size(), "task that cannot start was",
                         "tasks that cannot start were") +
                  " cancelled");
  }
  hopeless_ = std::move(hopeless);
}

// The next question comes as soon as one may.
void QueueWatch::hurry() {
  if (failures_ > 0) return;
  pause_ = {};
  pause_ = next_pause(world_.now());
}

// Of a task that was never listed: is there such a job, of this run?
void QueueWatch::confirm(std::size_t task) {
  bool unknown = true;
  for (const auto& array : jobs_()) {
    if (array.state != SubmittedArray::submitted) continue;
    if (!known_.count(array.job)) {
      if (const auto known = world_.scheduler().knows(array.job, array.name))
        known_[array.job] = *known == Scheduler::Known::yes;
    }
    const auto known = known_.find(array.job);
    unknown = unknown && known != known_.end() && !known->second;
  }
  if (unknown) tasks_.confirm(task);
}

bool QueueWatch::ask_now() {
  const auto fresh = world_.scheduler().queue(names_);
  if (!fresh) return false;
  tasks_.answer(*fresh, world_.now());
  tell_requeued();
  return true;
}

bool QueueWatch::cancel_pending() {
  if (!ask_now()) return false;
  return world_.scheduler().cancel_tasks(tasks_.pending());
}

}  // namespace eh::host
