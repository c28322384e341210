// The words that Slack gets: how a run is, and what went wrong in it.
#pragma once

#include <string>
#include <vector>

#include "events/event.h"
#include "events/log_record.h"

namespace eh::host {

/// Slack takes 4,000 characters well. All that is made here is shorter.
inline constexpr std::size_t max_slack_text = 4000;

/// A run that goes on. `host`: this machine; `worst`: the level of its worst
/// record, 0 if it has none.
std::string slack_running_text(const RunStarted& run, const std::string& host,
                               int worst);
std::string slack_ended_text(const RunStarted& run, const std::string& host,
                             const RunEnded& ended, int worst);
/// Of a run that ended by an error of its own.
std::string slack_broken_text(const RunStarted& run, const std::string& host,
                              const std::string& why);

/// Records on their way into one message. The first ones are told whole, as
/// long as there is space, all others by their number and some names: it stays
/// small however many there are.
class SlackDigest {
 public:
  void add(const LogRecord& record);
  std::size_t size() const { return records_; }
  bool empty() const { return records_ == 0; }
  std::string text() const;

 private:
  struct More {
    std::size_t count = 0;
    std::string names;
    std::string last;  // that is in `names`
    bool all = true;   // all are
  };
  void name(More& more, const std::string& experiment);

  std::size_t records_ = 0;
  std::string told_;
  More failed_, errors_, warnings_, others_;
  bool full_ = false;
};

}  // namespace eh::host
