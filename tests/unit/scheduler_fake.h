// A scheduler that says what tests let it say, and remembers what it was told.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cluster/scheduler.h"

namespace eh::host::test {

class FakeScheduler : public Scheduler {
 public:
  /// What it lists; nothing: it gives no answer.
  std::function<std::optional<std::vector<QueuedTask>>()> listed = [] {
    return std::vector<QueuedTask>{};
  };
  /// Takes an order of `orders`, or not.
  std::function<bool(const std::string& order)> take = [](auto&) {
    return true;
  };
  std::vector<TaskExit> ended;          ///< what it still knows
  std::optional<Known> known;           ///< of any job that is not listed
  std::vector<Answer> requeue_answers;  ///< one after the other; then yes

  /// "cancel 100", "cancel 100_0 100_1", "submit NAME", "exits 100" ...
  std::vector<std::string> orders;

  Submission submit(const ArraySubmission& array) override;
  std::optional<std::size_t> index_limit() override { return {}; }
  std::optional<std::vector<QueuedTask>> queue(
      const std::vector<std::string>& names) override;
  bool cancel(const std::vector<std::string>& jobs) override;
  bool cancel_tasks(const std::vector<QueuedTask>& tasks) override;
  Answer requeue(const std::string& job) override;
  std::optional<Known> knows(const std::string& job,
                             const std::string& name) override;
  std::vector<TaskExit> task_exits(const std::string& job) override;
  JobTimes times(const std::string& job) override;
  const std::string& error() const override { return error_; }

 private:
  bool answer(bool good);

  std::string error_;
};

/// A task that is listed in a state, as "RUNNING" or "TIMEOUT", for a reason.
/// The scheduler is of an earlier version than other words.
QueuedTask task_in(const std::string& state, const std::string& reason = "");
/// Of the state of one that has ended.
TaskOutcome outcome_in(const std::string& state);

}  // namespace eh::host::test
