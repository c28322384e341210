// Tells Slack how a run goes, from a thread of its own: nothing waits for it,
// but finish() a little, and nothing that goes wrong with it concerns the run.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "config/config.h"
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

class Slack {
 public:
  Slack(SlackSettings settings, std::unique_ptr<HttpClient> client);
  /// Sends nothing more.
  ~Slack();
  Slack(const Slack&) = delete;
  Slack& operator=(const Slack&) = delete;

  void on(const RunStarted& run);
  void on(const LogRecord& record);
  /// The run has ended, or broke off by an error of its own. Wait until all is
  /// told, at most for the deadline; nothing is sent after that.
  void finish(const RunEnded& ended);
  void break_off(const std::string& why);

  /// What has become known about messages that are lost: once at most, soon
  /// if nothing more can be sent, else after the end.
  std::optional<std::string> take_warning();

 private:
  struct State;
  static void work(const std::shared_ptr<State>& state);
  void close(double deadline);

  const double deadline_;
  // The thread's, too: one that hangs in a library is left to itself.
  std::shared_ptr<State> state_;
  bool closed_ = false;
};

/// Null if no Slack is configured; also, with a warning, if it is by half, or
/// libcurl lacks.
std::unique_ptr<Slack> start_slack(const SlackSettings& settings);

}  // namespace eh::host
