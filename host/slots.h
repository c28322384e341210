// The places in which experiments run at the same time. An idle one waits for
// a while before it is ready, so that many hosts do not start all at once.
#pragma once

#include <algorithm>
#include <functional>
#include <vector>

#include "process.h"

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
    return first;
  }

  /// The first that is ready; there has to be one.
  unsigned ready(Clock::time_point now) const {
    const auto found =
        std::find_if(slots_.begin(), slots_.end(), [&](const Slot& slot) {
          return !slot.occupied && slot.ready_at <= now;
        });
    return static_cast<unsigned>(found - slots_.begin());
  }

  void occupy(unsigned slot) { slots_[slot].occupied = true; }
  void vacate(unsigned slot, Clock::time_point now) {
    slots_[slot] = {false, now + wait_()};
  }

 private:
  struct Slot {
    bool occupied = false;
    Clock::time_point ready_at{};
  };
  std::vector<Slot> slots_;
  std::function<Clock::duration()> wait_;
};

}  // namespace eh::host
