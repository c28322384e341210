// The places in which experiments run at the same time. An idle one waits for
// a while before it is ready, so that many hosts do not start all at once.
// Where the system allows no more processes, some stay idle.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

#include "run/processes.h"

namespace eh::host {

class Slots {
 public:
  /// `wait` tells how long a slot that is idle from now on is to wait.
  Slots(std::size_t count, std::function<Clock::duration()> wait)
      : slots_(count), wait_(std::move(wait)) {}

  /// All are idle from `now` on.
  void open(Clock::time_point now) {
    for (auto& slot : slots_) slot = {false, now + wait_()};
  }

  /// When the first idle one is ready; max() if all are occupied.
  Clock::time_point ready_at() const {
    auto first = Clock::time_point::max();
    for (const auto& slot : slots_)
      if (!slot.occupied) first = std::min(first, slot.ready_at);
    return occupied() < most_ ? first : std::max(first, more_at_);
  }

  /// The first that is ready; there has to be one.
  unsigned ready(Clock::time_point now) {
    if (occupied() >= most_) allow(occupied() + 1, now);
    const auto found =
        std::find_if(slots_.begin(), slots_.end(), [&](const Slot& slot) {
          return !slot.occupied && slot.ready_at <= now;
        });
    return static_cast<unsigned>(found - slots_.begin());
  }

  /// Nothing could be started in one more than are occupied: none will be for a
  /// while. Returns false if it was so often while none was occupied that there
  /// is no hope.
  bool limit(Clock::time_point now) {
    allow(occupied(), now);
    return most_ > 0 || ++vain_ < most_vain;
  }

  void occupy(unsigned slot) {
    slots_[slot].occupied = true;
    vain_ = 0;
  }
  void vacate(unsigned slot, Clock::time_point now) {
    slots_[slot] = {false, now + wait_()};
  }

 private:
  struct Slot {
    bool occupied = false;
    Clock::time_point ready_at{};
  };
  std::size_t occupied() const {
    return static_cast<std::size_t>(
        std::count_if(slots_.begin(), slots_.end(),
                      [](const Slot& slot) { return slot.occupied; }));
  }
  void allow(std::size_t most, Clock::time_point now) {
    most_ = most;
    more_at_ = now + std::chrono::seconds(most > 0 ? 60 : 1);
  }

  std::vector<Slot> slots_;
  static constexpr int most_vain = 10;
  int vain_ = 0;
  std::size_t most_ = SIZE_MAX;  // to be occupied before ...
  Clock::time_point more_at_{};
  std::function<Clock::duration()> wait_;
};

}  // namespace eh::host
