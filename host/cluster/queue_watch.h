// When the scheduler is asked about a run's tasks, and what people are told of
// its answers: that there is none, that tasks were put back into the queue, why
// some do not start. Those that never can are cancelled.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "cluster/job_file.h"
#include "cluster/spec.h"
#include "cluster/task_ledger.h"
#include "cluster/watch_io.h"

namespace eh::host {

class QueueWatch {
 public:
  /// `jobs` tells the arrays that somebody began to submit.
  QueueWatch(WatchIo& world, TaskLedger& tasks, const RunSpec& spec,
             std::function<std::vector<SubmittedArray>()> jobs,
             std::function<void(int level, const std::string&)> notice);

  /// Takes an answer that has come, and asks if it is time. `stopping`: tasks
  /// that cannot start are somebody else's matter.
  void step(Clock::time_point now, bool stopping);
  /// Something has changed: the next question comes soon.
  void hurry();
  /// Asks and waits for the answer. False if there is none.
  bool ask_now();
  /// Cancels the tasks that are pending. False if that was not taken.
  bool cancel_pending();

 private:
  void take(const QueueAnswer& answer, Clock::time_point now, bool stopping);
  Clock::duration next_pause(Clock::time_point now) const;
  void tell_trouble(const QueueAnswer& answer);
  void tell_requeued();
  void look_at_hindrances();
  void confirm(std::size_t task);

  WatchIo& world_;
  TaskLedger& tasks_;
  const std::vector<std::string> names_;
  const std::function<std::vector<SubmittedArray>()> jobs_;
  const std::function<void(int, const std::string&)> notice_;
  const Clock::time_point begin_;

  bool asking_ = false;
  Clock::time_point answered_at_{};
  Clock::duration pause_{};
  std::size_t failures_ = 0;  // in a row
  double seconds_ = 0;        // that the last answer took
  std::set<std::string> told_reasons_;
  std::map<std::string, int> hopeless_;  // answers in a row, by reason
  std::map<std::string, bool> known_;    // whether there is such a job
};

}  // namespace eh::host
