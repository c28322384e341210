#include "report/slack.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#include "base/error.h"
#include "base/text.h"
#include "config/settings.h"
#include "config/sources.h"
#include "events/log_record.h"
#include "os/host_name.h"
#include "os/program.h"
#include "os/signals_blocked.h"

namespace eh::host {
namespace {

// How long a thread that was told to end may take; then it hangs.
constexpr auto patience = std::chrono::seconds(1);

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

struct Slack::State {
  State(SlackSetup setup, std::unique_ptr<HttpClient> http)
      : client(std::move(http)), messages(std::move(setup)) {}

  const std::unique_ptr<HttpClient> client;
  std::mutex mutex;
  std::condition_variable changed;
  SlackThread messages;
  bool quit = false;   // nothing more is to be sent
  bool ended = false;  // the thread
  bool warned = false;
  std::thread thread;
};

Slack::Slack(SlackSettings settings, std::unique_ptr<HttpClient> client)
    : deadline_(std::min(settings.deadline, 1e9)),
      state_(std::make_shared<State>(std::move(settings.setup),
                                     std::move(client))) {
  const SignalsBlocked in_the_thread;
  state_->thread = std::thread([state = state_] { work(state); });
}

Slack::~Slack() {
  close(0);
}

void Slack::work(const std::shared_ptr<State>& state) {
  std::unique_lock lock(state->mutex);
  auto& messages = state->messages;
  while (!state->quit && messages.stopped().empty()) {
    if (const auto request = messages.next(Clock::now())) {
      lock.unlock();
      HttpAnswer answer;
      try {
        answer = state->client->post(*request);
      } catch (const std::exception& error) {
        answer.error = error.what();
      }
      lock.lock();
      // What was cut off at the end has not been refused.
      if (!state->quit) messages.answered(answer, Clock::now());
      state->changed.notify_all();
    } else if (const auto due = messages.due()) {
      state->changed.wait_until(lock, *due);
    } else {
      state->changed.wait(lock);
    }
  }
  state->ended = true;
  state->changed.notify_all();
}

void Slack::on(const RunStarted& run) {
  const std::lock_guard lock(state_->mutex);
  state_->messages.on(run);
  state_->changed.notify_all();
}

void Slack::on(const LogRecord& record) {
  const std::lock_guard lock(state_->mutex);
  if (state_->messages.on(record)) state_->changed.notify_all();
}

void Slack::finish(const RunEnded& ended) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->messages.on(ended);
  }
  close(deadline_);
}

void Slack::break_off(const std::string& why) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->messages.broke_off(why);
  }
  close(deadline_);
}

void Slack::close(double seconds) {
  if (closed_) return;
  closed_ = true;
  std::unique_lock lock(state_->mutex);
  const auto& messages = state_->messages;
  const auto deadline =
      Clock::now() + std::chrono::duration_cast<Clock::duration>(
                         std::chrono::duration<double>(seconds));
  state_->changed.notify_all();
  while (!messages.finished() && Clock::now() < deadline) {
    // What may be sent only later is lost already.
    if (const auto due = messages.due(); due && *due >= deadline) break;
    state_->changed.wait_until(lock, deadline);
  }
  state_->quit = true;
  state_->changed.notify_all();
  lock.unlock();
  state_->client->abort();
  lock.lock();
  const bool ended =
      state_->changed.wait_for(lock, patience, [&] { return state_->ended; });
  lock.unlock();
  if (ended)
    state_->thread.join();
  else
    state_->thread.detach();
}

std::optional<std::string> Slack::take_warning() {
  const std::lock_guard lock(state_->mutex);
  const auto& messages = state_->messages;
  if (state_->warned) return {};
  std::string text;
  if (!messages.stopped().empty())
    text = "nothing more is sent to Slack: " + messages.stopped();
  else if (const auto lost = closed_ ? messages.untold() : 0)
    text = "cannot tell Slack all, " +
           count_text(lost, "message was", "messages were") + " lost: " +
           (messages.reason().empty() ? "it took too long (slack.deadline is " +
                                            seconds_text(deadline_) + ')'
                                      : messages.reason());
  if (text.empty()) return {};
  state_->warned = true;
  return text;
}

std::unique_ptr<Slack> start_slack(const SlackSettings& settings) {
  if (!settings.lacks.empty())
    warn("nothing is sent to Slack: " + settings.lacks);
  if (!settings.enabled()) return nullptr;
  try {
    return std::make_unique<Slack>(settings, make_http_client());
  } catch (const std::exception& error) {
    warn(std::string("nothing is sent to Slack: ") + error.what());
    return nullptr;
  }
}

}  // namespace eh::host
