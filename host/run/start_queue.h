// Whose turn it is: retries for which a slot waits, then what the source has.
#pragma once

#include <deque>
#include <optional>
#include <string>

#include "base/clock.h"
#include "run/experiment_source.h"
#include "run/launches.h"

namespace eh::host {

/// An experiment whose turn has come, or is to come.
struct Turn {
  Experiment experiment;
  /// What failed elsewhere from then on (a time as in verdicts) had its turn.
  std::string since;
  std::optional<Limits> left = {};  ///< of a retry
};

class StartQueue {
 public:
  /// `since` is that of experiments which the source gives.
  StartQueue(ExperimentSource& source, std::string since)
      : source_(source), since_(std::move(since)) {}

  void retry(Turn turn) { retries_.push_back(std::move(turn)); }

  std::optional<Turn> next(Clock::time_point now) {
    if (!retries_.empty()) {
      auto turn = std::move(retries_.front());
      retries_.pop_front();
      return turn;
    }
    if (source_.empty()) return {};
    if (auto experiment = source_.next()) {
      ask_at_ = now;
      return Turn{*experiment, since_, {}};
    }
    ask_at_ = now + duration_of(source_.pause());
    return {};
  }

  /// When next() may have one: in the past for now, max() for never.
  Clock::time_point ready_at() const {
    if (!retries_.empty()) return Clock::time_point::min();
    return source_.empty() ? Clock::time_point::max() : ask_at_;
  }
  bool empty() const { return retries_.empty() && source_.empty(); }
  std::size_t left() const { return retries_.size() + source_.left(); }

 private:
  ExperimentSource& source_;
  std::string since_;
  std::deque<Turn> retries_;
  Clock::time_point ask_at_ = Clock::time_point::min();
};

}  // namespace eh::host
