// What is known of a run's tasks: what their journals say, what the
// scheduler says, and whether their hearts beat. Decides which of them can do
// nothing more. Does nothing itself; times are given to it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cluster/journal_reader.h"
#include "cluster/scheduler.h"
#include "cluster/spec.h"
#include "events/event.h"
#include "events/task.h"

namespace eh::host {

class TaskLedger {
 public:
  TaskLedger(const TaskPlan& plan, std::string run_id);

  void on(const TaskAttempt& who, const TaskStarted& event);
  void on(const TaskAttempt& who, const TaskEnded& event);
  /// The scheduler's answer.
  void answer(const std::vector<QueuedTask>& tasks, Clock::time_point now);
  /// It failed.
  void no_answer(Clock::time_point now);

  /// Who has not said that it ended, though it may have: at most `most`, whose
  /// heartbeats are to be looked at.
  std::vector<TaskAttempt> in_doubt(Clock::time_point now, std::size_t most);
  void heartbeat(const TaskAttempt& who, bool alive, Clock::time_point now);

  /// Whether a task runs no more and will not run again.
  bool gone(std::size_t task, Clock::time_point now) const;
  bool all_gone(Clock::time_point now) const;
  /// Tasks that nothing was seen of and that are not listed, for so long that
  /// they may be gone. They are when confirm() says so.
  std::vector<std::size_t> unseen(Clock::time_point now) const;
  void confirm(std::size_t task) { tasks_.at(task).confirmed = true; }

  /// What the scheduler has said of a task last, if it has.
  const std::optional<QueuedTask>& queued(std::size_t task) const {
    return tasks_.at(task).queued;
  }
  bool has_begun(std::size_t task) const {
    return !tasks_.at(task).lives.empty();
  }
  struct Life {
    TaskAttempt who;
    TaskStarted started;
    std::optional<TaskEnded> ended;
    bool dead = false;  // its heart stands still
    Clock::time_point dead_since{};
    Clock::time_point looked_at{};
  };
  /// The newest attempt; null if it has not begun.
  const Life* newest(std::size_t task) const;
  const Life* find(const TaskAttempt& who) const;

  std::size_t size() const { return tasks_.size(); }
  bool all_begun() const;
  /// No task has begun that has not ended, as far as its journal or its heart
  /// tells.
  bool is_quiet() const;
  /// Whether the scheduler has said since `time` that none is in the queue or
  /// runs.
  bool none_active_since(Clock::time_point time) const;
  /// The tasks that are pending, as the scheduler said last.
  std::vector<QueuedTask> pending() const;
  /// How many were put back into the queue since the last call, and why.
  std::map<std::string, std::size_t> take_requeued();

  /// Without the nodes.
  ClusterState state(Clock::time_point now) const;

 private:
  struct Task {
    std::optional<QueuedTask> queued;  // the newest that it was listed as
    bool listed = false;               // in the newest answer
    std::size_t inactive = 0;          // successive answers without it
    Clock::time_point inactive_since{};
    bool confirmed = false;
    std::size_t put_back = 0;  // lives after which it was pending again
    std::vector<Life> lives;
  };
  std::optional<std::size_t> task_of(const QueuedTask& queued) const;
  bool inactive(const Task& task, Clock::time_point now) const;
  Life* find(const TaskAttempt& who);

  const TaskPlan plan_;
  const std::string run_id_;
  std::vector<Task> tasks_;
  Clock::time_point answered_at_{};
  Clock::time_point failing_since_{};  // without an answer
  bool failing_ = false;
  std::map<std::string, std::size_t> requeued_;
};

}  // namespace eh::host
