// Runs experiments: slots, time limits, retries, stopping.
//
// One thread, one loop: fill the free slots, wait until a child ends, a signal
// comes or a deadline passes, and act on it. The runner knows no terminal; what
// happens goes to the listeners as events.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "catalog/catalog.h"
#include "events/event.h"
#include "leaf/leaf.h"
#include "os/oom_kills.h"
#include "run/experiment_source.h"
#include "run/held_by_others.h"
#include "run/launches.h"
#include "run/outcome.h"
#include "run/processes.h"
#include "run/running_attempts.h"
#include "run/slots.h"
#include "run/start_queue.h"
#include "run/time_budget.h"

namespace eh::host {

struct RunOptions {
  std::size_t jobs = 1;
  double grace_period = 10;  ///< seconds from asking to killing
  double start_delay = 0;    ///< seconds a slot waits before a start, at most
  std::size_t max_fail = 0;  ///< stop after so many failed; 0: never
  bool foreground = false;   ///< Ctrl-C goes to the experiment alone
  bool wait_for_others = true;  ///< for what other hosts hold
  /// What failed from then on had its turn (a time as in verdicts); "": now.
  std::string since = {};
  /// As in ClaimRules, of --force.
  std::function<bool(const std::string& owner)> counts = {};
  std::vector<std::string> gpus = {};  ///< of each slot; none: leave them
  std::string node = {};               ///< that this runs on, for the events
};

class Runner {
 public:
  struct Dependencies {
    const Catalog& catalog;
    ResultTree& tree;
    Leases& leases;
    Processes& processes;
    Launches& launches;
    JobTime* job = nullptr;  ///< in a job of a cluster
  };
  Runner(Dependencies dependencies, RunOptions options, Listener listener);
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  /// Called now and then while waiting, at least every `tick_seconds`.
  std::function<void()> on_tick;
  double tick_seconds = 1;
  /// Evenly spread over [0, 1]: which part of the start delay a slot waits.
  std::function<double()> random;
  /// Asked before each start: why to start nothing new any more, or "".
  std::function<std::string()> reason_to_stop;
  OomWatch oom = oom_watch("");

  /// Runs what `source` gives, whose leaves are not done as far as known, and
  /// returns how the run has to be left. `counts` holds what was found done
  /// before.
  int run(ExperimentSource& source, Counts& counts);

 private:
  void keep_leases();
  Processes::Wake wait(Clock::time_point deadline);
  void act_on(Processes::Wake wake);
  Clock::duration start_delay() const;
  bool slot_is_ready() const {
    return slots_.ready_at() <= dependencies_.processes.now();
  }
  bool may_start();
  void fill_slots();
  std::optional<Turn> next_turn();
  bool begin(Turn turn);
  Limits limits(const Turn& turn, const Attempt& attempt) {
    return turn.left ? *turn.left : dependencies_.launches.limits(attempt);
  }
  bool begin_claimed(Turn turn, Running running,
                     const ResultTree::Claim& claim);
  void start(Running running);
  void put_off(const Running& running, const std::string& why);
  void visit_held_by_others();
  Clock::time_point next_deadline() const;
  void on_signals(const std::vector<int>& signals);
  void on_time_up();
  void on_stop_signal(int signal);
  void stop(const std::string& why);
  void on_ended(Processes::Id id, Running running, const Exit& exit);
  void on_over(const Running& running);
  void on_judged(const Running& running, ExperimentEnded ended);
  void retry(const Running& running);
  ExperimentEnded judge(const Running& running);
  void unwritable(const Attempt& attempt, const std::string& message,
                  bool stop_run);
  std::size_t not_started() const;

  Dependencies dependencies_;
  RunOptions options_;
  Listener tell_;
  ExperimentSource* source_ = nullptr;
  std::optional<StartQueue> start_queue_;
  Clock::time_point heartbeat_at_{};
  HeldByOthers held_by_others_;
  RunningAttempts running_;
  Slots slots_;
  RunOutcome outcome_;
  bool stopping_ = false;
  bool time_is_up_ = false;
  bool told_of_shortage_ = false;
};

}  // namespace eh::host
