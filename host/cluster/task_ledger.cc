#include "cluster/task_ledger.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "cluster/job_file.h"

namespace eh::host {
namespace {

using std::chrono::seconds;

// Between two answers that do not list a task, at least: it may be neither in
// the queue nor running while it is moved.
constexpr auto settling = seconds(3);
// The same of one that was never seen.
constexpr std::size_t unseen_answers = 3;
constexpr auto unseen_settling = seconds(15);
// The same of one that waited: what ends is listed for some time.
constexpr auto vanished_settling = seconds(30);
// When heartbeats alone decide.
constexpr auto long_without_answer = seconds(300);
// Between two looks at a heartbeat.
constexpr auto look_pause = seconds(5);

bool is_for_good(const TaskEnded& end) {
  // A scheduler may run again what it has stopped.
  return !end.requeued && end.why != "stopped";
}

}  // namespace

TaskLedger::TaskLedger(const TaskPlan& plan, std::string run_id)
    : plan_(plan), run_id_(std::move(run_id)), tasks_(plan.tasks) {}

TaskLedger::Life* TaskLedger::find(const TaskAttempt& who) {
  if (who.task >= tasks_.size()) return nullptr;
  for (auto& life : tasks_[who.task].lives)
    if (life.who == who) return &life;
  return nullptr;
}

const TaskLedger::Life* TaskLedger::find(const TaskAttempt& who) const {
  return const_cast<TaskLedger*>(this)->find(who);
}

void TaskLedger::on(const TaskAttempt& who, const TaskStarted& event) {
  if (who.task >= tasks_.size() || find(who)) return;
  auto& lives = tasks_[who.task].lives;
  Life life;
  life.who = who;
  life.started = event;
  const auto later = std::find_if(lives.begin(), lives.end(), [&](auto& other) {
    return other.who.restart > who.restart;
  });
  lives.insert(later, std::move(life));
}

void TaskLedger::on(const TaskAttempt& who, const TaskEnded& event) {
  if (!find(who)) on(who, TaskStarted{});  // its first line is damaged
  if (auto* life = find(who)) life->ended = event;
}

std::optional<std::size_t> TaskLedger::task_of(const QueuedTask& queued) const {
  const auto begin = array_name(run_id_, 0);
  const auto prefix = begin.substr(0, begin.size() - 1);
  if (!queued.name.starts_with(prefix) || !queued.array_task) return {};
  const auto array = parse_number<std::size_t>(
      std::string_view(queued.name).substr(prefix.size()));
  if (!array || *array >= plan_.arrays.size() ||
      *queued.array_task >= plan_.arrays[*array].count)
    return {};
  const auto task = plan_.arrays[*array].first + *queued.array_task;
  if (task >= tasks_.size()) return {};
  return task;
}

void TaskLedger::answer(const std::vector<QueuedTask>& tasks,
                        Clock::time_point now) {
  failing_ = false;
  answered_at_ = now;
  std::vector<const QueuedTask*> listed(tasks_.size());
  for (const auto& one : tasks) {
    const auto task = task_of(one);
    if (!task) continue;
    // Should it be listed twice, the one that has not ended counts.
    auto& now_listed = listed[*task];
    if (!now_listed || now_listed->phase == TaskPhase::ended) now_listed = &one;
  }
  for (std::size_t i = 0; i < tasks_.size(); ++i) {
    auto& task = tasks_[i];
    task.listed = listed[i] != nullptr;
    if (task.listed) {
      const auto phase = listed[i]->phase;
      const bool was_running =
          task.put_back < task.lives.size() ||
          (task.queued && task.queued->phase == TaskPhase::running);
      if (phase == TaskPhase::pending && was_running) {
        ++requeued_[listed[i]->reason];
        task.put_back = task.lives.size();
      }
      task.queued = *listed[i];
      if (phase != TaskPhase::ended) {
        task.inactive = 0;
        task.confirmed = false;
        continue;
      }
    }
    if (task.inactive++ == 0) task.inactive_since = now;
  }
}

void TaskLedger::no_answer(Clock::time_point now) {
  if (!std::exchange(failing_, true)) failing_since_ = now;
}

// As far as the scheduler knows.
bool TaskLedger::inactive(const Task& task, Clock::time_point now) const {
  if (failing_ && now - failing_since_ > long_without_answer)
    return !task.lives.empty();
  if (task.confirmed) return true;
  if (task.lives.empty()) {
    if (!task.queued) return false;
    if (!task.listed && task.queued->phase == TaskPhase::pending)
      return task.inactive >= unseen_answers &&
             now - task.inactive_since >= vanished_settling;
  }
  return task.inactive >= 2 && now - task.inactive_since >= settling;
}

bool TaskLedger::gone(std::size_t index, Clock::time_point now) const {
  const auto& task = tasks_.at(index);
  if (!task.lives.empty() && task.lives.back().ended &&
      is_for_good(*task.lives.back().ended)) {
    // Unless it was put back, whatever it said.
    const bool again = task.listed && task.inactive == 0 &&
                       task.queued->phase == TaskPhase::pending;
    if (!again) return true;
  }
  return inactive(task, now) &&
         std::all_of(task.lives.begin(), task.lives.end(),
                     [](const Life& life) { return life.ended || life.dead; });
}

bool TaskLedger::all_gone(Clock::time_point now) const {
  for (std::size_t i = 0; i < tasks_.size(); ++i)
    if (!gone(i, now)) return false;
  return true;
}

std::vector<std::size_t> TaskLedger::unseen(Clock::time_point now) const {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < tasks_.size(); ++i) {
    const auto& task = tasks_[i];
    if (!task.queued && task.lives.empty() && !task.confirmed &&
        task.inactive >= unseen_answers &&
        now - task.inactive_since >= unseen_settling)
      out.push_back(i);
  }
  return out;
}

std::vector<TaskAttempt> TaskLedger::in_doubt(Clock::time_point now,
                                              std::size_t most) {
  std::vector<TaskAttempt> out;
  for (auto& task : tasks_)
    for (auto& life : task.lives) {
      if (out.size() == most) return out;
      const bool suspect =
          task.inactive > 0 || failing_ || &life != &task.lives.back();
      if (life.ended || !suspect || now - life.looked_at < look_pause) continue;
      life.looked_at = now;
      out.push_back(life.who);
    }
  return out;
}

void TaskLedger::heartbeat(const TaskAttempt& who, bool alive,
                           Clock::time_point now) {
  auto* life = find(who);
  if (!life) return;
  if (!alive && !life->dead) life->dead_since = now;
  life->dead = !alive;
}

const TaskLedger::Life* TaskLedger::newest(std::size_t task) const {
  const auto& lives = tasks_.at(task).lives;
  return lives.empty() ? nullptr : &lives.back();
}

std::vector<QueuedTask> TaskLedger::pending() const {
  std::vector<QueuedTask> out;
  for (const auto& task : tasks_)
    if (task.listed && task.queued->phase == TaskPhase::pending)
      out.push_back(*task.queued);
  return out;
}

bool TaskLedger::all_begun() const {
  return std::none_of(tasks_.begin(), tasks_.end(),
                      [](const Task& task) { return task.lives.empty(); });
}

bool TaskLedger::is_quiet() const {
  return std::all_of(tasks_.begin(), tasks_.end(), [](const Task& task) {
    return std::all_of(
        task.lives.begin(), task.lives.end(),
        [&](const Life& life) { return life.ended || life.dead; });
  });
}

bool TaskLedger::none_active_since(Clock::time_point time) const {
  return answered_at_ > time &&
         std::all_of(tasks_.begin(), tasks_.end(),
                     [](const Task& task) { return task.inactive > 0; });
}

std::map<std::string, std::size_t> TaskLedger::take_requeued() {
  return std::exchange(requeued_, {});
}

ClusterState TaskLedger::state(Clock::time_point now) const {
  ClusterState out;
  for (std::size_t i = 0; i < tasks_.size(); ++i) {
    const auto& task = tasks_[i];
    const auto* life = newest(i);
    const bool over = gone(i, now);
    if (life && !life->ended && !over && !(life->dead && task.inactive > 0)) {
      ++out.running;
    } else if (over || task.inactive > 0) {
      ++out.ended;
    } else if (task.listed && task.queued->phase == TaskPhase::running) {
      ++out.running;
    } else {
      ++out.pending;
      if (!task.listed) continue;
      if (!task.queued->reason.empty()) ++out.reasons[task.queued->reason];
      const auto& start = task.queued->start;
      if (!start.empty() && (out.start.empty() || start < out.start))
        out.start = start;
    }
  }
  return out;
}

}  // namespace eh::host
