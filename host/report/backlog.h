// What waits for somebody who may be slow: a terminal, a log file.
//
// While it gets less, who adds to it may wait. When it has not got less for a
// while, he is stuck (a terminal that was stopped, a pipe that nobody reads, a
// file server that is gone): then nothing waits for him, and what does not fit
// is left out and counted.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>

namespace eh::host {

class Backlog {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr double patience = 2;  ///< seconds

  /// `most`: how much may wait, in whatever unit.
  explicit Backlog(std::size_t most) : most_(most) {}

  /// Adds, or counts one as left out and returns false.
  bool add(std::size_t amount) {
    if (waiting_ >= 2 * most_) {
      ++left_out_;
      return false;
    }
    add_always(amount);
    return true;
  }
  void add_always(std::size_t amount) {
    if (waiting_.fetch_add(amount) == 0) moved_ = now();
  }
  void remove(std::size_t amount) {
    waiting_ -= amount;
    moved_ = now();
  }

  std::size_t waiting() const { return waiting_; }
  bool empty() const { return waiting_ == 0; }
  /// Whether to go on adding: there is room, or no use in waiting for it.
  bool has_room() const { return waiting_ < most_ || stuck(); }
  bool stuck() const { return !empty() && now() - moved_ > patience; }
  std::size_t left_out() const { return left_out_; }

 private:
  static double now() {
    return std::chrono::duration<double>(Clock::now().time_since_epoch())
        .count();
  }

  const std::size_t most_;
  std::atomic<std::size_t> waiting_{0};
  std::atomic<std::size_t> left_out_{0};
  std::atomic<double> moved_{0};
};

}  // namespace eh::host
