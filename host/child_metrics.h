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

#include "child_log.h"

namespace eh::host::child {

/// One for a process, and for as long as that: forks look after it.
class Metrics {
 public:
  explicit Metrics(const std::string& directory);
  void add(std::string_view name, double step, double value);
  void flush();
  /// For a signal handler: writes what is gathered, unless the interrupted
  /// thread was just changing it.
  void flush_in_signal_handler();
  /// Before a checkpoint gets its name: writes what is gathered, and notes how
  /// much that is. Were that done later, a process that is killed in between
  /// would lose the points since the checkpoint before; so it may have them
  /// twice.
  void keep(int leaf);
  /// When an earlier attempt's checkpoint is read: removes what it reported
  /// later, which is to be reported again.
  void go_back(int leaf);
  std::string problem();

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
