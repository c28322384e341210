// What waits for a sink, which may be slow: a queueing strategy for the
// asynchronous front ends of Boost.Log.
//
// While the sink gets on, it gets everything, and who adds records may ask for
// room before he reads more of them. When it has not got on for a while, it is
// stuck (a terminal that was stopped, a pipe that nobody reads, a file server
// that is gone): then nothing waits for it, and what does not fit is left out
// and counted. The bounded queues of Boost.Log tell neither how full they are
// nor what they dropped, and are left only when all has been taken.
//
// A record without contents is handed out when no other waits: the sink's turn
// to write out what it has kept, or to do what it wanted to do later.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace eh::host {

template <class Record>
class SinkQueue {
 public:
  static constexpr Clock::duration patience = std::chrono::seconds(2);

  struct Weight {
    std::size_t amount = 1;   ///< in whatever unit; not 0
    bool is_optional = true;  ///< may be left out
  };
  using Weigh = std::function<Weight(const Record&)>;

  /// From the amount `room` on there is none for more; from `most` on more is
  /// left out. Before all other calls.
  void limit(std::size_t room, std::size_t most, Weigh weigh) {
    room_ = room;
    most_ = most;
    weigh_ = std::move(weigh);
  }

  // What front ends call. Records are taken by one thread.

  void enqueue(const Record& record) {
    const auto weight = weigh_(record);
    if (weight.is_optional && amount_ >= most_) {
      ++left_out_;
      return;
    }
    std::vector<Entry> used;
    const std::lock_guard lock(mutex_);
    touch();
    amount_ += weight.amount;
    ++count_;
    added_.push_back({record, weight.amount});
    used.swap(used_);
    wake();
  }

  bool try_enqueue(const Record& record) {
    enqueue(record);
    return true;
  }

  bool try_dequeue(Record& record) {
    put_down();
    if (next_ == taken_.size() && !fetch()) {
      if (!std::exchange(turn_, false)) return false;
      moved_ = Clock::now();
      return true;
    }
    auto& entry = taken_[next_++];
    record = entry.record;
    in_hand_ = entry.amount;
    turn_ = true;
    return true;
  }

  bool try_dequeue_ready(Record& record) { return try_dequeue(record); }

  /// Waits for a record, or for the sink's turn. False if interrupted.
  bool dequeue_ready(Record& record) {
    if (try_dequeue(record)) return true;
    {
      std::unique_lock lock(mutex_);
      rests_ = true;
      rested_.notify_all();
      const auto called = [this] { return interrupted_ || is_called(); };
      if (!due_)
        added_to_.wait(lock, called);
      else if (!added_to_.wait_until(lock, *due_, called))
        called_ = true;
      rests_ = false;
      // Where one comes, there are more to come: many are taken at once, and
      // the two threads do not get in each other's way.
      added_to_.wait_for(lock, std::chrono::milliseconds(1), [this] {
        return interrupted_ || called_ || hurried_;
      });
      hurried_ = false;
      moved_ = Clock::now();
      if (std::exchange(interrupted_, false)) return false;
    }
    return try_dequeue(record);
  }

  void interrupt_dequeue() {
    const std::lock_guard lock(mutex_);
    interrupted_ = true;
    added_to_.notify_one();
  }

  // What sinks call, in the thread that takes records.

  /// When the sink has its next turn, if nothing else gives it one.
  void set_due(std::optional<Clock::time_point> due) { due_ = due; }
  /// It gets on with what it does.
  void has_moved() { moved_ = Clock::now(); }
  /// What was taken could not be used.
  void add_left_out() { ++left_out_; }

  // What everyone may call.

  /// Gives the sink a turn.
  void call() {
    const std::lock_guard lock(mutex_);
    touch();
    called_ = true;
    wake();
  }

  /// The records that were not taken, or not yet.
  std::size_t waiting() const { return count_; }
  std::size_t amount() const { return amount_; }
  std::size_t left_out() const { return left_out_; }
  /// Whether to go on adding: there is room, or no use in waiting for it.
  bool has_room() const { return amount_ < room_ || has_stopped(); }
  bool stuck() const { return !idle() && has_stopped(); }
  /// Whether all was taken, and the thread rests.
  bool idle() const {
    const std::lock_guard lock(mutex_);
    return rests_ && !is_called();
  }

  /// Waits until it is idle: as long as it gets on or, if given, `at_most`.
  /// Returns whether it is.
  bool wait(std::optional<Clock::duration> at_most = {}) {
    const auto end = Clock::now() + at_most.value_or(Clock::duration());
    std::unique_lock lock(mutex_);
    hurry();
    while (!rests_ || is_called()) {
      if (at_most ? Clock::now() >= end : has_stopped()) return false;
      rested_.wait_for(lock, std::chrono::milliseconds(10));
    }
    return true;
  }
  /// The same however long it takes.
  void wait_for_ever() {
    std::unique_lock lock(mutex_);
    hurry();
    rested_.wait(lock, [this] { return rests_ && !is_called(); });
  }

 private:
  struct Entry {
    Record record;
    std::size_t amount;
  };

  bool has_stopped() const { return Clock::now() - moved_.load() > patience; }
  bool is_called() const { return called_ || !added_.empty(); }

  // It cannot be late with what nobody had given it.
  void touch() {
    if (count_ == 0 && !is_called()) moved_ = Clock::now();
  }
  void wake() {
    if (rests_) added_to_.notify_one();
  }
  void hurry() {
    hurried_ = true;
    added_to_.notify_one();
  }

  // What was taken last has been dealt with.
  void put_down() {
    if (in_hand_ == 0) return;
    moved_ = Clock::now();
    amount_ -= std::exchange(in_hand_, 0);
    --count_;
  }

  // Takes all that was added: one lock for many.
  bool fetch() {
    next_ = 0;
    const std::lock_guard lock(mutex_);
    if (used_.empty()) used_.swap(taken_);
    taken_.clear();
    std::swap(taken_, added_);
    if (std::exchange(called_, false)) turn_ = true;
    return !taken_.empty();
  }

  std::size_t room_ = 0;
  std::size_t most_ = 0;
  Weigh weigh_;
  std::atomic<std::size_t> amount_{0};
  std::atomic<std::size_t> count_{0};
  std::atomic<std::size_t> left_out_{0};
  std::atomic<Clock::time_point> moved_{};

  mutable std::mutex mutex_;  // of what follows
  std::condition_variable added_to_, rested_;
  std::vector<Entry> added_;
  // Were dealt with; who adds frees them, which is quicker than doing so in
  // another thread than the one that allocated them.
  std::vector<Entry> used_;
  bool called_ = false;
  bool interrupted_ = false;
  bool rests_ = false;
  bool hurried_ = false;  // somebody waits until it does

  // The thread's.
  std::vector<Entry> taken_;
  std::size_t next_ = 0;
  std::size_t in_hand_ = 0;  // the amount
  bool turn_ = false;
  std::optional<Clock::time_point> due_;
};

}  // namespace eh::host
