// The host's log, which is Boost.Log: records and lines are written to it once
// and go to each sink that wants them. A sink has a queue and, from its first
// record on, a thread, so that one which is slow or stuck holds nobody up.
//
// Boost.Log's core is one for a process; a Log is a channel of its own in it.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "base/clock.h"
#include "events/log_record.h"

namespace eh::host {

/// What the host prints. It is for the terminal alone, and never left out.
struct PrintedLine {
  std::string text;
};

using LogEntry = std::variant<LogRecord, PrintedLine>;

/// What is done with the entries of a sink, in the sink's thread.
class LogBackend {
 public:
  virtual ~LogBackend() = default;
  virtual void take(const LogEntry& entry) = 0;
  /// Called when no entry waits, for what is not done by take(). Returns when
  /// it is to be called again although nothing has come.
  virtual std::optional<Clock::time_point> catch_up() { return {}; }

 protected:
  /// To be called now and then by what takes long, but gets on.
  void has_moved() const {
    if (moved_) moved_();
  }

 private:
  friend class LogSink;
  std::function<void()> moved_;
};

/// A run's log. One thread writes to it.
class Log {
 public:
  Log();
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  void write(LogEntry entry);
  /// The least level that a sink wants; above all levels if there is none.
  int least() const;

 private:
  friend class LogSink;
  struct State;
  const std::unique_ptr<State> state_;
};

struct LogSinkOptions {
  int least = 0;       ///< records from this level up
  bool lines = false;  ///< and printed lines
  /// Whether a record is wanted whose level is.
  std::function<bool(const LogRecord&)> wants = [](const LogRecord&) {
    return true;
  };
  /// Bytes of memory that what waits may take: from `room` on there is no room
  /// for more, and from `most` on what is written all the same is left out.
  std::size_t room = 4 << 20;
  std::size_t most = 32 << 20;
};

class LogSink {
 public:
  /// Begins to take what is written to `log`, which has to outlive it.
  LogSink(Log& log, LogSinkOptions options,
          std::shared_ptr<LogBackend> backend);
  /// As close().
  ~LogSink();
  LogSink(const LogSink&) = delete;
  LogSink& operator=(const LogSink&) = delete;

  /// Begins the thread, if there is none yet. False if none can be had: what
  /// is written is then done at once, by who writes.
  bool start();
  /// Lets the backend catch up soon.
  void call();

  /// Whether it keeps up, or will not for a while.
  bool has_room() const;
  /// Entries that were left out, since it did not keep up.
  std::size_t left_out() const;
  /// Entries that were not dealt with yet.
  std::size_t waiting() const;

  /// Waits until all is done, however long that takes.
  void flush() const;
  /// Takes no more, and waits until all is done: as long as it gets on or, if
  /// given, `at_most`. Returns whether it is. A thread that hangs is left to
  /// itself, with the backend.
  bool close(std::optional<Clock::duration> at_most = {});

 private:
  class Backend;
  class FrontEnd;
  struct State;
  const std::unique_ptr<State> state_;
};

}  // namespace eh::host
