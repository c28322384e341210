// How a run on a cluster is stopped: by Ctrl-C, by --max-fail, by its own tasks
// where too many failed alike, or by `cancel` in another terminal.
#pragma once

#include <functional>
#include <string>

#include "cluster/experiment_ledger.h"
#include "cluster/queue_watch.h"
#include "cluster/spec.h"
#include "cluster/watch_io.h"
#include "events/event.h"

namespace eh::host {

struct StopDependencies {
  int tree;
  const RunSpec& spec;
  WatchIo& io;
  const ExperimentLedger& experiments;
  const TaskLedger& tasks;
  QueueWatch& queue;
  Listener tell;
};

class WatchStop {
 public:
  explicit WatchStop(StopDependencies dependencies)
      : dependencies_(std::move(dependencies)) {}

  /// Whether somebody has stopped the run, `max_fail` is reached, or jobs are
  /// still to be cancelled.
  void step(Clock::time_point now, std::size_t max_fail);
  /// A signal to this process. True if it is to leave the jobs alone and end
  /// with `code()`.
  bool on_signal(int signal);
  int code() const { return code_; }

  bool is_stopping() const { return stopping_; }
  /// Nobody wants to wait for what the tasks say.
  bool is_over(Clock::time_point now) const;
  /// The signal that it was stopped by, or 0.
  int signal() const { return signal_; }
  bool max_fail_reached() const { return max_fail_reached_; }
  bool is_cancelled() const { return cancelling_; }

 private:
  void look(Clock::time_point now);
  void order(const char* why, const std::string& message);
  void stop(const std::string& why);
  void cancel_pending();
  void cancel_all();
  void notice(const std::string& text);

  StopDependencies dependencies_;
  Clock::time_point look_at_{}, stopped_at_{}, cancel_at_{};
  bool stopping_ = false;
  bool cancelling_ = false;   // all jobs
  bool cancelled_ = false;    // that was taken
  bool told_ = false;         // that it did not
  bool told_others_ = false;  // that ids are other jobs' now
  bool hurry_ = false;
  bool max_fail_reached_ = false;
  int signal_ = 0;
  int code_ = 0;
};

}  // namespace eh::host
