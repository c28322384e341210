// Tells a person at a terminal, or a file that a pipe leads to, what happens.
#pragma once

#include <deque>
#include <map>
#include <string>

#include "base/clock.h"
#include "events/event.h"
#include "events/failure_kinds.h"
#include "events/log_record.h"
#include "report/terminal.h"

namespace eh::host {

struct ReporterOptions {
  bool lines = true;    ///< a line for each experiment that ended
  bool summary = true;  ///< and the summary at the end
};

/// What an experiment logged or printed, as it is shown.
std::string shown_text(const LogRecord& record, const Paint& paint);

class Reporter {
 public:
  Reporter(Terminal& terminal, ReporterOptions options);
  void on(const Event& event);
  /// The same of what was told before, by who watched then: counts it, and
  /// prints nothing.
  void recall(const Event& event);
  /// To be called often: draws the status line.
  void tick();

 private:
  struct Running {
    Clock::time_point since;
  };
  struct Failure {
    std::string name, leaf, status, message;
    std::vector<std::string> backtrace;
  };
  static constexpr std::size_t most_failures = 100;  // repeated at the end

  void tell(const RunStarted& e);
  void tell(const ExperimentStarted& e);
  void tell(const ExperimentEnded& e);
  void tell(const ExperimentHeldElsewhere& e);
  void tell(const ExperimentEndedElsewhere& e);
  void tell(const ExperimentUnwritable& e);
  void tell(const ClusterState& e);
  void tell(const Notice& e);
  void tell(const Stopping& e);
  void tell(const RunEnded& e);
  void tell(const RunBroken& e);
  void tell(const RunLeft& e);

  void ended_line(const std::string& word, Colour colour,
                  const std::string& name, const std::string& rest);
  void remember(Failure failure);
  void show_failures();
  void show(const Failure& failure, const FailureKind& kind);
  void show_cluster();
  void draw();
  std::size_t ended() const;

  Terminal& terminal_;
  ReporterOptions options_;
  RunStarted run_;
  Clock::time_point begin_ = Clock::now();
  Clock::time_point drawn_{};
  std::map<std::string, Running> running_;
  FailureKinds kinds_;
  std::vector<Failure> failures_;  // the first of each kind
  std::size_t ok_ = 0, failed_ = 0, other_ = 0, by_others_ = 0;
  bool told_elsewhere_ = false;
  bool ended_run_ = false;
  bool silent_ = false;  // recalling
  // Of a run on a cluster.
  ClusterState cluster_;
  bool cluster_changed_ = false;
  Clock::time_point cluster_at_{};  // when it may be shown again
  std::chrono::seconds cluster_pause_{1};
};

}  // namespace eh::host
