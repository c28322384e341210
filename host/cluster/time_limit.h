// The time of a job of a cluster: when it ends, and which of the experiments
// that it stops go on in another.
//
// One goes on if it left a checkpoint, or if it began so late that it would
// get more time from the beginning of the next job; and not more often than
// the configuration says, which a file of its leaf counts.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "cluster/scheduler.h"
#include "leaf/leaf.h"
#include "run/time_budget.h"

namespace eh::host {

class TimeLimit : public JobTime {
 public:
  struct Rules {
    std::string run_id;
    std::optional<double> limit;  ///< as it was asked for
    double signal_delay = 60;
    std::size_t max_requeues = 5;
  };
  /// `ask` finds out how much time there is, at some cost: it is asked when
  /// that has to be known, and again when it has failed and a minute has
  /// passed.
  TimeLimit(Rules rules, const ResultTree& tree, const Leases& leases,
            std::function<Clock::time_point()> now,
            std::function<JobTimes()> ask);

  /// Whether something that takes so long ends before the warning comes.
  bool fits(double seconds);

  bool means_time_is_up(int signal) override;
  Clock::time_point kill_at() override;
  std::string ends(const Attempt& attempt, double seconds) override;
  void requeued(const Attempt& attempt) override;
  std::string why_stopped() override;
  /// Whether the run was told to stop. If not, it was the job alone.
  std::function<bool()> run_is_stopped = [] { return true; };
  /// How many were handed on.
  std::size_t went_on() const { return went_on_; }
  /// Whether it was up.
  bool is_up() const { return is_up_; }
  /// When the job ends, if that is known.
  Clock::time_point end_or(Clock::time_point otherwise) const {
    return end().value_or(otherwise);
  }

 private:
  void find_out();
  std::optional<Clock::time_point> end() const;
  double delay() const;
  std::size_t times_requeued(const Attempt& attempt) const;

  const Rules rules_;
  const ResultTree& tree_;
  const Leases& leases_;
  std::function<Clock::time_point()> now_;
  std::function<JobTimes()> ask_;
  const Clock::time_point begin_;
  Clock::time_point ask_at_;
  std::optional<Clock::time_point> end_;
  std::optional<double> limit_;
  std::size_t went_on_ = 0;
  bool is_up_ = false;
};

/// Where a leaf counts how often it was handed on: "RUN_ID NUMBER".
inline constexpr char requeue_count_file[] = ".eh/handed_on";

}  // namespace eh::host
