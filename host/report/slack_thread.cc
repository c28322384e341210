#include "report/slack_thread.h"

#include <algorithm>
#include <cmath>

#include "json/write.h"
#include "report/slack_answer.h"

namespace eh::host {
namespace {

constexpr double longest_pause = 60;  // seconds
// What is not an answer of Slack may have been taken all the same: trying for
// ever would fill a channel.
constexpr unsigned most_senseless = 3;

}  // namespace

void SlackThread::on(const RunStarted& run) {
  run_ = run;
}

bool SlackThread::on(const LogRecord& record) {
  const bool failure =
      record.source == LogRecord::host && record.level >= log_level::error;
  if (!stopped_.empty() || (record.level < setup_.level && !failure))
    return false;
  worst_ = std::max(worst_, record.level);
  records_.add(record);
  return true;
}

void SlackThread::on(const RunEnded& ended) {
  if (run_) end(slack_ended_text(*run_, setup_.host, ended, worst_));
}

void SlackThread::broke_off(const std::string& why) {
  if (run_) end(slack_broken_text(*run_, setup_.host, why));
}

void SlackThread::end(std::string text) {
  if (end_) return;
  end_ = std::move(text);
  // There is little time left to try again.
  failures_ = 0;
  if (!limited_)
    not_before_ =
        std::min(not_before_, answered_at_ + duration_of(setup_.pause));
}

std::string SlackThread::root_text() const {
  return end_ ? *end_ : slack_running_text(*run_, setup_.host, worst_);
}

std::optional<SlackThread::Plan> SlackThread::plan() const {
  if (!stopped_.empty() || sending_ || !run_) return {};
  if (!opened_) return Plan{What::root, not_before_};
  if (app() && !frozen_ && shown_ != root_text())
    return Plan{What::update, not_before_};
  const bool ends = end_ && shown_ != *end_;
  // A webhook's last message has the records, too.
  if (ends && !app() && first_.empty()) return Plan{What::root, not_before_};
  if (!first_.empty()) return Plan{What::records, not_before_};
  if (!records_.empty())
    return Plan{
        What::records,
        end_ ? not_before_ : std::max(not_before_, records_not_before_)};
  if (ends) return Plan{What::farewell, not_before_};
  return {};
}

std::optional<Clock::time_point> SlackThread::due() const {
  const auto next = plan();
  if (!next) return {};
  return next->at;
}

bool SlackThread::finished() const {
  return !stopped_.empty() || (!sending_ && (end_ || !run_) && !plan());
}

std::optional<HttpRequest> SlackThread::next(Clock::time_point now) {
  const auto next = plan();
  if (!next || now < next->at) return {};
  sending_.emplace();
  sending_->what = next->what;
  return request(next->what, text_of(next->what));
}

// The text of a message, with what it tells noted.
std::string SlackThread::text_of(What what) {
  const bool records =
      what == What::records || (what == What::root && end_ && !app());
  if (records && first_.empty()) std::swap(first_, records_);
  sending_->records = records && !first_.empty();
  if (what == What::records) return first_.text();
  sending_->root = root_text();
  return sending_->root +
         (sending_->records ? '\n' + first_.text() : std::string());
}

HttpRequest SlackThread::request(What what, const std::string& text) const {
  JsonObject body;
  if (app()) body.text("channel", opened_ ? channel_ : setup_.channel);
  if (what == What::update) body.text("ts", ts_);
  if (app() && opened_ && what != What::update) body.text("thread_ts", ts_);
  // No names, addresses and channels are looked for in the text.
  body.text("text", text).text("parse", "none");
  if (what != What::update)
    body.boolean("unfurl_links", false).boolean("unfurl_media", false);
  HttpRequest out;
  out.url = app() ? setup_.api_url + (what == What::update ? "chat.update"
                                                           : "chat.postMessage")
                  : setup_.webhook;
  if (app()) out.authorization = "Bearer " + setup_.token;
  out.body = body.str();
  return out;
}

void SlackThread::answered(const HttpAnswer& http, Clock::time_point now) {
  if (!sending_) return;
  const auto answer = read_slack_answer(http, app());
  answered_at_ = now;
  limited_ = false;
  if (answer.kind != SlackAnswer::taken) reason_ = answer.reason;
  senseless_ = answer.kind == SlackAnswer::senseless ? senseless_ + 1 : 0;
  const bool hopeless =
      answer.kind == SlackAnswer::fatal || senseless_ == most_senseless ||
      (answer.kind == SlackAnswer::refused && sending_->what == What::root);
  if (hopeless) {
    stopped_ = answer.reason;
  } else if (answer.kind == SlackAnswer::taken) {
    taken(answer.ts, answer.channel, now);
  } else if (answer.kind == SlackAnswer::refused) {
    refused();
    wait({}, now);
  } else {
    ++failures_;
    wait(answer.wait, now);
  }
  sending_.reset();
}

void SlackThread::taken(const std::string& ts, const std::string& channel,
                        Clock::time_point now) {
  failures_ = 0;
  if (dropped_ == 0) reason_.clear();
  if (sending_->what == What::root && !opened_) {
    opened_ = true;
    ts_ = ts;
    channel_ = channel.empty() ? setup_.channel : channel;
  }
  if (!sending_->root.empty()) shown_ = sending_->root;
  wait({}, now);
  if (!sending_->records) return;
  first_ = {};
  // The more there are, the more go into one.
  ++told_;
  records_not_before_ =
      now + duration_of(setup_.pause *
                        std::min(static_cast<double>(told_), longest_pause));
}

void SlackThread::refused() {
  if (sending_->what == What::update) {
    frozen_ = true;  // the end is told as a reply
  } else if (sending_->records) {
    dropped_ += first_.size();
    first_ = {};
  } else {
    stopped_ = reason_;
  }
}

// Until the next message: `seconds` if Slack says so.
void SlackThread::wait(std::optional<double> seconds, Clock::time_point now) {
  limited_ = seconds.has_value();
  double pause = setup_.pause;
  if (seconds)
    pause = std::max(pause, *seconds);
  else if (failures_ > 0)
    pause *= std::min(longest_pause, std::exp2(failures_ - 1.0));
  not_before_ = now + duration_of(pause);
}

std::size_t SlackThread::untold() const {
  const bool no_start = run_ && !opened_;
  const bool no_end = end_ && opened_ && shown_ != *end_;
  return dropped_ + first_.size() + records_.size() + no_start + no_end;
}

}  // namespace eh::host
