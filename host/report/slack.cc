#include "report/slack.h"

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "config/settings.h"
#include "config/sources.h"
#include "events/log_record.h"
#include "os/host_name.h"
#include "os/program.h"

namespace eh::host {
namespace {

// How long a thread that was told to end may take; then it hangs.
constexpr Clock::duration patience = std::chrono::seconds(1);

[[noreturn]] void refuse(const std::string& what, const std::string& why) {
  throw Error(exit_usage, "cannot use " + what + ": " + why);
}

// Of a secret nothing is shown.
void check_word(const std::string& name, const std::string& text) {
  for (const char c : text)
    if (c <= ' ' || c == 0x7F)
      refuse(name,
             "it holds spaces or other characters that none has (set it again"
             " in " +
                 variable_of(name) + ", or in the file of " + name + "_file)");
}

std::string api_url_of(const Config::Entry& entry) {
  auto url = entry.value.text;
  if (!url.starts_with("https://") || url.size() < 10 ||
      std::any_of(url.begin(), url.end(), [](char c) { return c <= ' '; }))
    refuse("slack.api_url '" + printable(url) + "' (from " + entry.origin + ')',
           "it has to be an address that begins with https:// (such as"
           " https://slack-gov.com/api/)");
  return url.ends_with('/') ? url : url + '/';
}

// A token that is there for other work, or a channel for those who have one,
// is no reason to stop.
void drop_incomplete_app(SlackSettings& settings) {
  auto& setup = settings.setup;
  if (setup.token.empty() == setup.channel.empty()) return;
  if (setup.webhook.empty())
    settings.lacks =
        setup.channel.empty()
            ? "slack.channel is not set (set it to the channel's id, like"
              " C0123456789)"
            : "slack.token is not set (set EH_SLACK_TOKEN or slack.token_file"
              " to the app's token, or slack.channel to \"\")";
  setup.token.clear();
  setup.channel.clear();
}

}  // namespace

SlackSettings slack_settings_of(const Config& config) {
  SlackSettings out;
  auto& setup = out.setup;
  setup.token = secret(config, "slack.token");
  setup.webhook = secret(config, "slack.webhook");
  setup.channel = config.at("slack.channel").value.text;
  setup.api_url = api_url_of(config.at("slack.api_url"));
  setup.level = level_of(config.at("slack.loglevel").value.text);
  setup.host = host_name();
  out.deadline = seconds_of(config.at("slack.deadline").value).value();
  check_word("slack.token", setup.token);
  check_word("slack.webhook", setup.webhook);
  if (!setup.webhook.empty() && !setup.webhook.starts_with("https://"))
    refuse("slack.webhook", "it does not begin with https://");
  drop_incomplete_app(out);
  return out;
}

int least_of(const SlackSetup& setup) {
  return std::min(setup.level, log_level::error);
}

// What there is to be told. The sink's thread takes records and sends.
class Slack::Messages : public LogBackend {
 public:
  Messages(SlackSetup setup, std::unique_ptr<HttpClient> client)
      : client_(std::move(client)), thread_(std::move(setup)) {}

  void take(const LogEntry& entry) override {
    const std::lock_guard lock(mutex_);
    thread_.on(std::get<LogRecord>(entry));
  }

  // All records were taken, so what has ended has none that are not told yet.
  std::optional<Clock::time_point> catch_up() override {
    std::unique_lock lock(mutex_);
    if (end_) std::exchange(end_, {})(thread_);
    if (!quit_) {
      if (const auto request = thread_.next(Clock::now())) {
        lock.unlock();
        const auto answer = post(*request);
        lock.lock();
        // What was cut off at the end has not been refused.
        if (!quit_) thread_.answered(answer, Clock::now());
      }
    }
    changed_.notify_all();
    return quit_ ? std::nullopt : thread_.due();
  }

  void on(const RunStarted& run) {
    const std::lock_guard lock(mutex_);
    thread_.on(run);
  }
  void end(End told) {
    const std::lock_guard lock(mutex_);
    end_ = std::move(told);
  }

  /// Waits until all is told, at most until `deadline`. Nothing is sent after
  /// that.
  void finish(Clock::time_point deadline) {
    {
      std::unique_lock lock(mutex_);
      while ((end_ || !thread_.finished()) && Clock::now() < deadline) {
        // What may be sent only later is lost already.
        if (const auto due = thread_.due(); !end_ && due && *due >= deadline)
          break;
        changed_.wait_until(lock, deadline);
      }
      quit_ = true;
    }
    client_->abort();
  }

  struct Result {
    std::string stopped;  // why nothing more is sent
    std::string reason;   // why the newest that was lost has been
    std::size_t untold = 0;
  };
  Result result() {
    const std::lock_guard lock(mutex_);
    if (quit_ && end_) std::exchange(end_, {})(thread_);
    return {thread_.stopped(), thread_.reason(), thread_.untold()};
  }

 private:
  HttpAnswer post(const HttpRequest& request) {
    try {
      return client_->post(request);
    } catch (const std::exception& error) {
      HttpAnswer answer;
      answer.error = error.what();
      return answer;
    }
  }

  const std::unique_ptr<HttpClient> client_;
  std::mutex mutex_;  // of what follows
  std::condition_variable changed_;
  SlackThread thread_;
  End end_;            // has not been told to `thread_`
  bool quit_ = false;  // nothing more is to be sent
};

namespace {

LogSinkOptions options_of(const SlackSetup& setup) {
  LogSinkOptions out;
  out.least = least_of(setup);
  // That a run starts and ends is told by itself.
  out.wants = [](const LogRecord& record) {
    const bool of_run = record.source == LogRecord::host &&
                        record.experiment.empty() &&
                        record.level != log_level::warning;
    return !of_run && record.source != LogRecord::experiment_output;
  };
  return out;
}

}  // namespace

Slack::Slack(Log& log, SlackSettings settings,
             std::unique_ptr<HttpClient> client)
    : deadline_(std::min(settings.deadline, 1e9)),
      messages_(std::make_shared<Messages>(settings.setup, std::move(client))),
      sink_(log, options_of(settings.setup), messages_) {
  if (!sink_.start())
    throw std::system_error(EAGAIN, std::generic_category(),
                            "it needs a thread of its own");
}

Slack::~Slack() {
  close(0);
}

void Slack::on(const RunStarted& run) {
  messages_->on(run);
  sink_.call();
}

void Slack::finish(const RunEnded& ended) {
  end([ended](SlackThread& thread) { thread.on(ended); });
}

void Slack::break_off(const std::string& why) {
  end([why](SlackThread& thread) { thread.broke_off(why); });
}

void Slack::end(End told) {
  messages_->end(std::move(told));
  sink_.call();
  close(deadline_);
}

void Slack::close(double seconds) {
  if (std::exchange(closed_, true)) return;
  messages_->finish(Clock::now() + duration_of(seconds));
  sink_.close(patience);
  lost_ = messages_->result().untold + sink_.left_out() + sink_.waiting();
}

std::optional<std::string> Slack::take_warning() {
  if (warned_) return {};
  const auto result = messages_->result();
  std::string text;
  if (!result.stopped.empty())
    text = "nothing more is sent to Slack: " + result.stopped;
  else if (lost_ > 0)
    text = "cannot tell Slack all, " +
           count_text(lost_, "message was", "messages were") + " lost: " +
           (result.reason.empty() ? "it took too long (slack.deadline is " +
                                        seconds_text(deadline_) + ')'
                                  : result.reason);
  if (text.empty()) return {};
  warned_ = true;
  return text;
}

std::unique_ptr<Slack> start_slack(Log& log, const SlackSettings& settings) {
  if (!settings.lacks.empty())
    warn("nothing is sent to Slack: " + settings.lacks);
  if (!settings.enabled()) return nullptr;
  try {
    return std::make_unique<Slack>(log, settings, make_http_client());
  } catch (const std::exception& error) {
    warn(std::string("nothing is sent to Slack: ") + error.what());
    return nullptr;
  }
}

}  // namespace eh::host
