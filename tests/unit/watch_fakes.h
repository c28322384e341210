// A cluster for those that watch a run: a folder with a run in it, whose tasks
// write what the tests say, a scheduler that does so, too, and no time
// that passes but what is waited for.
#pragma once

#include <fcntl.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cluster/journal_reader.h"
#include "cluster/spec.h"
#include "cluster/watch.h"
#include "events/event.h"
#include "events/log_record.h"
#include "events/task.h"
#include "leaf/leaf.h"
#include "scheduler_fake.h"
#include "support.h"

namespace eh::host::test {

class FakeWatchIo : public WatchIo {
 public:
  /// Called once at each of these seconds.
  std::multimap<double, std::function<void()>> happenings;
  std::multimap<double, int> signals;
  FakeScheduler scheduled;
  double answer_seconds = 0;  ///< that it takes to list tasks
  std::optional<Choice> choice;

  std::vector<double> asked;  ///< when it was, by a thread
  std::size_t questions = 0;  ///< to a person
  double seconds() const;

  Clock::time_point now() const override { return now_; }
  std::vector<int> wait(Clock::time_point deadline) override;
  void ask_queue(const std::vector<std::string>& names) override;
  std::optional<QueueAnswer> take_answer() override;
  std::optional<Choice> ask_person() override;
  Scheduler& scheduler() override { return scheduled; }

 private:
  const Clock::time_point begin_{std::chrono::hours(1000)};
  Clock::time_point now_ = begin_;
  Clock::time_point answer_at_ = Clock::time_point::max();
};

/// A run "run-1" of the group "main" with the experiments e0, e1 ...
struct WatchedRun {
  explicit WatchedRun(std::size_t experiments = 3, bool pack = false,
                      std::size_t tasks = 0);

  int watch(bool attached = false);

  QueuedTask listed(std::size_t task, const std::string& state,
                    const std::string& reason = "",
                    const std::string& node = "") const;
  /// What the scheduler says of all tasks from now on.
  void all_are(const std::string& state, const std::string& reason = "");

  /// The attempt of a task begins, whose heart beats if `alive`.
  TaskAttempt begin(std::size_t task, unsigned restart = 0, bool alive = true);
  void die(const TaskAttempt& who) const;
  void end(const TaskAttempt& who, const TaskEnded& end = {"done"});
  void write(const TaskAttempt& who, const std::string& line) const;
  void start(const TaskAttempt& who, std::size_t experiment,
             unsigned attempt = 1);
  /// With the verdict.
  void finish(const TaskAttempt& who, std::size_t experiment,
              Status status = Status::ok, unsigned attempt = 1);
  void log(const TaskAttempt& who, std::size_t experiment,
           const std::string& text) const;
  void verdict(std::size_t experiment, Status status, unsigned attempt = 1,
               const std::string& run = "run-1") const;
  void lease(std::size_t experiment, const std::string& owner) const;

  std::string leaf(std::size_t experiment) const;
  std::string status_in(std::size_t experiment) const;
  std::string path(const std::string& file) const {
    return ".eh/runs/run-1/" + file;
  }
  /// What was told: "e0>1 e0:ok ... end:0".
  std::string told;
  std::string recalled;
  std::string records;
  std::vector<std::string> notices;
  Counts counts;

  TemporaryDirectory folder;
  ResultTree tree{folder.path(), {}, true};
  RunSpec spec;
  WatchOptions options;
  FakeWatchIo io;

 private:
  void tell(const Event& event, std::string& out);
};

}  // namespace eh::host::test
