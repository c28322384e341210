// The listeners of a run: the terminal, log files, Slack, and who reads events
// as JSON. They get what happened and, from the leaves, what experiments log.
#pragma once

#include <memory>
#include <string>

#include "config/settings.h"
#include "events/event.h"
#include "events/log_tail.h"
#include "report/console.h"
#include "report/log.h"
#include "report/log_files.h"
#include "report/slack.h"
#include "report/terminal.h"

namespace eh::host {

struct ListenersOptions {
  bool json = false;        ///< events as JSON lines
  bool foreground = false;  ///< the terminal is the experiment's
  enum Progress { automatic, bar, lines, none } progress = automatic;
  bool cluster = false;  ///< records come by take(), not from leaves
};

class Listeners {
 public:
  /// For a run of `group`. Throws Error: values of the configuration that
  /// cannot be used (usage), a log file that cannot be opened (write).
  Listeners(const ListenersOptions& options, const Config& config,
            const std::string& group);

  void on(const Event& event);
  /// What was told before, by who watched then.
  void recall(const Event& event);
  /// What an experiment has logged, on a cluster.
  void take(const LogRecord& record) { log_.write(record); }
  /// The least level of records that anybody wants.
  int least() const { return least_; }
  /// Whether all who get records can take more.
  bool has_room() const { return terminal_.has_room() && files_.has_room(); }
  void tick();
  /// Lets the caller use the terminal, until the next of these calls.
  void pause();
  /// How often tick() is to be called.
  double tick_seconds() const;
  /// Whether events got lost that somebody wanted to read as JSON. What people
  /// miss on a terminal is in the leaves.
  bool lost_events() const { return options_.json && terminal_.error() != 0; }

 private:
  ShownRecords shown_records() const;
  int least_wanted();
  LogTailOptions tail_options();
  void follow(const Event& event);
  void show(const Event& event);
  void settle();
  void tell_slack(const Event& event);
  void warn(const std::string& text);
  void warn_of_slack();

  const ListenersOptions options_;
  const std::string group_;
  const Settings settings_;
  const SlackSettings slack_settings_;
  Log log_;
  Terminal terminal_;
  Reporter reporter_;
  LogFiles files_;
  const int least_;
  LogTail tail_;
  std::unique_ptr<Slack> slack_;  // while a run has something to tell
};

}  // namespace eh::host
