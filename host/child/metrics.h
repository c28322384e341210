// The metrics of an experiment: metrics.jsonl, a point a line,
//   {"name":"wait","step":1,"value":0.5,"time":"..."}
// A simulation may report a million of them, and may be killed at any time. So
// the first ones of a second are written at once, and more of them gathered,
// which a thread writes half a second later, should no further point do so.
// Most experiments report less and never get a thread.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "child/log.h"

namespace eh::host::child {

class Metrics {
 public:
  explicit Metrics(Leaf& leaf);
  void add(std::string_view name, double step, double value);
  void flush();
  /// For a signal handler: writes what is gathered, unless the interrupted
  /// thread was just changing it.
  void flush_in_signal_handler();
  /// Removes what earlier attempts wrote beyond `size`. Throws DataError.
  void cut(std::int64_t size);
  LineFile& file() { return file_; }

  /// Around a fork, so that the new process finds no lock that is held. It has
  /// no thread that writes later, and must not write what this one gathered.
  void before_fork() { mutex_.lock(); }
  void after_fork() { mutex_.unlock(); }
  void be_forked();

 private:
  void append_time();
  void write_lines();
  bool has_writer();
  void write_later();

  std::mutex mutex_;
  LineFile file_;
  std::string lines_;
  std::condition_variable gathered_;
  enum { none, runs, impossible } writer_ = none;
  std::int64_t second_ = 0;  // that the next two are about
  int writes_ = 0;
  std::int64_t time_second_ = -1;
  std::string time_;
};

}  // namespace eh::host::child
