// Runs chosen experiments: slots, time limits, retries, stopping.
//
// One thread, one loop: fill the free slots, wait until a child ends, a signal
// comes or a deadline passes, and act on it. The runner knows no terminal; what
// happens goes to the listeners as events.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catalog.h"
#include "error.h"
#include "event.h"
#include "leaf.h"
#include "process.h"
#include "selection.h"
#include "slots.h"

namespace eh::host {

struct RunOptions {
  std::size_t jobs = 1;
  double grace_period = 10;  ///< seconds from asking to killing
  double start_delay = 0;    ///< seconds a slot waits before a start, at most
  std::size_t max_fail = 0;  ///< stop after so many failed; 0: never
  bool foreground = false;   ///< Ctrl-C goes to the experiment alone
};

/// What one experiment may take.
struct Limits {
  double timeout = 0;  ///< seconds for each attempt; 0: any
  int retries = 0;     ///< attempts after the first
};

/// One attempt at an experiment, as the launch is made from it.
struct Attempt {
  Experiment experiment;
  std::string name;  ///< without the group
  std::string leaf;  ///< below the output directory: "group/name"
  unsigned number = 1;
  unsigned slot = 0;
  bool resumes = false;
};

/// How an attempt is started, and what a verdict says of it besides how it
/// ended. A seam: the tests' launches start nothing.
class Launches {
 public:
  virtual ~Launches() = default;
  /// Asked once for each experiment that is started, before its first attempt.
  virtual Limits limits(const Attempt& attempt) = 0;
  /// Throws Error if it must not be started any more.
  virtual Launch launch(const Attempt& attempt) = 0;
  /// Members of the verdict, as JSON text without braces.
  virtual std::string verdict_members(const Attempt& attempt) = 0;
};

class Runner {
 public:
  struct World {
    const Catalog& catalog;
    ResultTree& tree;
    Leases& leases;
    Processes& processes;
    Launches& launches;
  };
  Runner(World world, RunOptions options, Listener listener);
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  /// Called now and then while waiting, at least every `tick_seconds`.
  std::function<void()> on_tick;
  double tick_seconds = 1;
  /// Evenly spread over [0, 1]: which part of the start delay a slot waits.
  std::function<double()> random;

  /// Runs `todo`, whose leaves are not done as far as known, and returns how
  /// the run has to be left. `counts` holds what was found done before.
  int run(const std::vector<Experiment>& todo, Counts& counts);

 private:
  struct Running {
    Attempt attempt;
    Limits limits;  // with the retries that are left
    Clock::time_point started;
    std::string start_text;
    std::optional<Clock::time_point> time_limit;
    std::optional<Clock::time_point> kill_at;
    bool timed_out = false;
    bool asked_to_stop = false;
  };
  // An experiment whose turn is to come.
  struct Turn {
    Experiment experiment;
    std::string since;  // failed elsewhere from then on, it had its turn
    std::optional<Limits> left;  // of a retry
  };
  struct Elsewhere {
    Turn turn;
    std::string run_id;  // that holds it
  };

  Clock::duration start_delay() const;
  bool slot_is_ready() const;
  void fill_slots();
  bool begin(Turn turn);
  void start(Running running);
  void visit_elsewhere();
  Clock::time_point next_deadline() const;
  void keep_deadlines();
  void on_signal(int signal);
  void stop(const std::string& why);
  void kill_all();
  void on_ended(Processes::Id id, const Exit& exit);
  void retry(const Running& running);
  ExperimentEnded judge(const Running& running, const Exit& exit);
  void count(const ExperimentEnded& ended);
  void unwritable(const std::string& name, const std::string& leaf,
                  const std::string& message, bool stop_run);
  std::size_t not_started() const;
  int exit_code() const;

  World world_;
  RunOptions options_;
  Listener tell_;
  Counts* counts_ = nullptr;

  const std::vector<Experiment>* todo_ = nullptr;
  std::size_t next_ = 0;
  std::deque<Turn> retries_;  // for which a slot waits
  std::deque<Elsewhere> elsewhere_;
  Clock::time_point visit_at_{};
  double visit_pause_ = 0.05;
  std::map<Processes::Id, Running> running_;
  Slots slots_;
  std::string started_at_;  // this run, as in verdicts
  std::optional<Error> broken_;
  bool stopping_ = false;
  bool max_fail_reached_ = false;
  bool unwritten_ = false;
  int stop_signal_ = 0;
  std::uint64_t oom_kills_ = 0;
};

}  // namespace eh::host
