// What is to be told to Slack, and when: the state of the messages of one run.
// It reads no clock and sends nothing; who drives it does. Whatever happens,
// it stays small.
//
// With an app it keeps one thread: a root that always says how the run is, and
// replies. With an incoming webhook it posts a start, problems, and an end.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "os/http.h"
#include "report/slack_message.h"

namespace eh::host {

struct SlackSetup {
  std::string token, channel;  ///< of an app; "": there is none
  std::string webhook;         ///< not used if there is a token
  std::string api_url = "https://slack.com/api/";
  int level = log_level::warning;  ///< of the records that are told
  double pause = 1;                ///< seconds between two messages
  std::string host;                ///< this machine, for people
};

class SlackThread {
 public:
  explicit SlackThread(SlackSetup setup) : setup_(std::move(setup)) {}

  void on(const RunStarted& run);
  /// Failures are told whatever the level. False if it is not to be told.
  bool on(const LogRecord& record);
  void on(const RunEnded& ended);
  /// The run ended by an error of its own.
  void broke_off(const std::string& why);

  /// The request to be sent now. Its answer has to come before the next.
  std::optional<HttpRequest> next(Clock::time_point now);
  void answered(const HttpAnswer& answer, Clock::time_point now);

  /// When next() has something; nothing while there is nothing to tell, or an
  /// answer is waited for.
  std::optional<Clock::time_point> due() const;
  bool awaits_answer() const { return sending_.has_value(); }
  /// All has been told, or nothing more can be.
  bool finished() const;

  /// Why nothing more is sent; "" as long as something may be.
  const std::string& stopped() const { return stopped_; }
  /// How many messages have not arrived: start, end, and each record.
  std::size_t untold() const;
  /// Why the newest of them has not; "" if none was refused.
  const std::string& reason() const { return reason_; }

 private:
  enum class What { root, update, records, farewell };
  struct Plan {
    What what;
    Clock::time_point at;
  };
  std::optional<Plan> plan() const;
  void end(std::string text);
  std::string root_text() const;
  std::string text_of(What what);
  HttpRequest request(What what, const std::string& text) const;
  void taken(const std::string& ts, const std::string& channel,
             Clock::time_point now);
  void refused();
  void wait(std::optional<double> seconds, Clock::time_point now);
  bool app() const { return !setup_.token.empty(); }

  const SlackSetup setup_;
  std::optional<RunStarted> run_;
  std::optional<std::string> end_;  // the text
  int worst_ = 0;

  std::string ts_, channel_;  // of the root
  bool opened_ = false;       // the start was told
  std::string shown_;         // the root's text
  bool frozen_ = false;       // the root cannot be changed
  SlackDigest records_;
  SlackDigest first_;  // before them: not taken yet
  std::size_t dropped_ = 0;
  std::size_t told_ = 0;  // messages with records

  struct Sending {
    What what;
    std::string root;  // the text that it shows
    bool end = false;
    bool records = false;  // it has those of first_
  };
  std::optional<Sending> sending_;
  Clock::time_point not_before_{}, records_not_before_{};
  bool limited_ = false;  // not_before_ is Slack's own wish
  Clock::time_point answered_at_{};
  unsigned failures_ = 0, senseless_ = 0;  // in a row
  std::string stopped_, reason_;
};

}  // namespace eh::host
