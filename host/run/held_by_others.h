// Experiments that other hosts hold, and when to look at them again: often at
// first, rarely when it takes long.
#pragma once

#include <deque>
#include <string>

#include "run/start_queue.h"

namespace eh::host {

class HeldByOthers {
 public:
  struct Held {
    Turn turn;
    std::string run_id;  ///< that holds it
  };

  bool empty() const { return held_.empty(); }
  std::size_t size() const { return held_.size(); }
  Clock::time_point visit_at() const { return visit_at_; }

  void add(Held held) { held_.push_back(std::move(held)); }
  Held take() {
    auto held = std::move(held_.front());
    held_.pop_front();
    return held;
  }
  /// All were looked at; `freed`: one of them was free.
  void visited(Clock::time_point now, bool freed) {
    pause_ = freed ? shortest : std::min(2.0, pause_ * 1.5);
    visit_at_ = now + duration_of(pause_);
  }

 private:
  static constexpr double shortest = 0.05;  // seconds
  std::deque<Held> held_;
  Clock::time_point visit_at_{};
  double pause_ = shortest;
};

}  // namespace eh::host
