// The listeners of a run: the terminal, log files, and who reads events as
// JSON. They get what happened and, from the leaves, what experiments log.
#pragma once

#include <string>
#include <vector>

#include "event.h"
#include "log_sinks.h"
#include "log_tail.h"
#include "reporter.h"
#include "settings.h"
#include "terminal.h"

namespace eh::host {

struct AudienceOptions {
  bool silent = false;      ///< nothing on stdout
  bool json = false;        ///< events as JSON lines
  bool foreground = false;  ///< the terminal is the experiment's
  enum Progress { automatic, bar, lines, none } progress = automatic;
};

class Audience {
 public:
  /// For a run of `group`. Throws Error (write) if a log file cannot be opened.
  Audience(const AudienceOptions& options, const Settings& settings,
           const std::string& group);

  void on(const Event& event);
  void tick();
  /// warn(), with no status line in its way.
  void warn(const std::string& text);
  /// How often tick() is to be called.
  double tick_seconds() const;

 private:
  LogTailOptions tail_options(const Settings& settings);
  void add_sinks(const Settings& settings);
  void show(const LogRecord& record);
  void show(const Event& event);
  void settle();

  const AudienceOptions options_;
  const std::string group_;
  Terminal terminal_;
  Reporter reporter_;
  LogSinks sinks_;
  LogTail tail_;
};

}  // namespace eh::host
