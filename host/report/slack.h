// Tells Slack how a run goes, as a sink of its log: nothing waits for it, but
// finish() a little, and nothing that goes wrong with it concerns the run.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "config/config.h"
#include "report/log.h"
#include "report/slack_thread.h"

namespace eh::host {

struct SlackSettings {
  SlackSetup setup;
  double deadline = 5;  ///< seconds that the end of a run may wait
  /// What an app lacks that is set by half: then it counts as not set. "" if
  /// nothing does, or there is a webhook to use.
  std::string lacks;
  bool enabled() const {
    return !setup.token.empty() || !setup.webhook.empty();
  }
};

/// Throws Error (usage) for what cannot be used.
SlackSettings slack_settings_of(const Config& config);

/// The least level of the records that it is to get.
int least_of(const SlackSetup& setup);

class Slack {
 public:
  /// Throws std::system_error if there is no thread for it.
  Slack(Log& log, SlackSettings settings, std::unique_ptr<HttpClient> client);
  /// Sends nothing more.
  ~Slack();
  Slack(const Slack&) = delete;
  Slack& operator=(const Slack&) = delete;

  void on(const RunStarted& run);
  /// The run has ended, or broke off by an error of its own. Wait until all is
  /// told, at most for the deadline; nothing is sent after that.
  void finish(const RunEnded& ended);
  void break_off(const std::string& why);

  /// What has become known about messages that are lost: once at most, soon
  /// if nothing more can be sent, else after the end.
  std::optional<std::string> take_warning();

 private:
  class Messages;
  using End = std::function<void(SlackThread&)>;
  void end(End told);
  void close(double deadline);

  const double deadline_;
  const std::shared_ptr<Messages> messages_;
  LogSink sink_;
  std::size_t lost_ = 0;  // messages, when it was closed
  bool closed_ = false;
  bool warned_ = false;
};

/// Null if no Slack is configured; also, with a warning, if it is by half, or
/// libcurl lacks.
std::unique_ptr<Slack> start_slack(Log& log, const SlackSettings& settings);

}  // namespace eh::host
