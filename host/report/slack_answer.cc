#include "report/slack_answer.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "json/document.h"

namespace eh::host {
namespace {

constexpr const char* of_now[] = {"accesslimited",       "fatal_error",
                                  "internal_error",      "request_timeout",
                                  "service_unavailable", "team_added_to_org"};

constexpr const char* of_limits[] = {"message_limit_exceeded", "rate_limited",
                                     "ratelimited"};

constexpr const char* of_one_message[] = {
    "cannot_reply_to_message", "cant_update_message", "edit_window_closed",
    "invalid_blocks",          "invalid_thread_ts",   "message_not_found",
    "msg_blocks_too_long",     "msg_too_long",        "no_text",
    "thread_locked",           "thread_not_found",    "update_failed"};

struct Advice {
  const char* error;
  const char* what_to_do;
};
constexpr char token[] = "check slack.token: the app's bot token, xoxb-...";
constexpr char hook[] = "check slack.webhook, or make a new one";
constexpr Advice advices[] = {
    {"account_inactive", token},
    {"channel_is_archived", "choose a channel that is in use"},
    {"channel_not_found",
     "check slack.channel: a channel's id, like C0123456789; a private channel"
     " needs the app invited to it"},
    {"invalid_auth", token},
    {"invalid_token", hook},
    {"is_archived", "choose a channel that is in use"},
    {"missing_scope", "give the app the scope chat:write and install it again"},
    {"no_active_hooks", hook},
    {"no_permission", "give the app the scope chat:write and install it again"},
    {"no_service", hook},
    {"no_service_id", hook},
    {"no_team", hook},
    {"not_allowed_token_type", token},
    {"not_authed", token},
    {"not_in_channel", "invite the app to the channel: /invite @its-name"},
    {"team_disabled", hook},
    {"token_expired", token},
    {"token_revoked", token},
};

template <std::size_t n>
bool is_one_of(std::string_view error, const char* const (&list)[n]) {
  return std::find(std::begin(list), std::end(list), error) != std::end(list);
}

// A server may answer anything, even with what it was sent.
std::string error_name(std::string_view text) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || c == '_';
  };
  if (text.empty() || text.size() > 60 ||
      !std::all_of(text.begin(), text.end(), is_plain))
    return "an unknown error";
  return std::string(text);
}

std::string with_advice(const std::string& error) {
  for (const auto& advice : advices)
    if (error == advice.error) return error + " (" + advice.what_to_do + ')';
  return error + " (see docs.slack.dev for what it means)";
}

SlackAnswer not_taken(SlackAnswer::Kind kind, std::string reason) {
  SlackAnswer out;
  out.kind = kind;
  out.reason = std::move(reason);
  return out;
}

SlackAnswer limited(const HttpAnswer& answer) {
  auto out = not_taken(SlackAnswer::later, "it takes no more messages now");
  out.wait = answer.retry_after;
  if (out.wait)
    out.reason += " (ask again in " + duration_text(*out.wait) + ')';
  return out;
}

SlackAnswer refusal(const std::string& error, const HttpAnswer& answer) {
  if (is_one_of(error, of_limits)) return limited(answer);
  if (is_one_of(error, of_now))
    return not_taken(SlackAnswer::later, "it answered " + error);
  if (is_one_of(error, of_one_message))
    return not_taken(SlackAnswer::refused, "it answered " + error);
  return not_taken(SlackAnswer::fatal, "it answered " + with_advice(error));
}

SlackAnswer senseless() {
  return not_taken(SlackAnswer::senseless,
                   "its answer is none of Slack's (check slack.api_url,"
                   " slack.webhook and the proxy)");
}

SlackAnswer of_app(const HttpAnswer& answer) {
  JsonValue json;
  try {
    json = parse_json(answer.body);
  } catch (const JsonError&) {
    return senseless();
  }
  const auto text = [&](const char* key) {
    const auto* value = json.find(key);
    return value && value->kind == JsonValue::string ? value->text : "";
  };
  const auto* ok = json.find("ok");
  if (!ok || ok->kind != JsonValue::boolean) return senseless();
  if (!ok->truth) return refusal(error_name(text("error")), answer);
  SlackAnswer out;
  out.ts = text("ts");
  out.channel = text("channel");
  return out.ts.empty() ? senseless() : out;
}

std::string trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == text.npos) return {};
  return std::string(
      text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin));
}

}  // namespace

SlackAnswer read_slack_answer(const HttpAnswer& answer, bool app) {
  const auto status = std::to_string(answer.status);
  if (answer.status == 0) return not_taken(SlackAnswer::later, answer.error);
  if (answer.status == 429) return limited(answer);
  if (answer.status == 408 || answer.status >= 500) {
    auto out = not_taken(SlackAnswer::later, "it answered " + status);
    out.wait = answer.retry_after;
    return out;
  }
  if (answer.status == 200) {
    if (app) return of_app(answer);
    return trimmed(answer.body) == "ok" ? SlackAnswer() : senseless();
  }
  const auto error = error_name(trimmed(answer.body));
  if (!app && answer.status >= 400 && error.find(' ') == std::string::npos)
    return refusal(error, answer);
  return not_taken(SlackAnswer::fatal,
                   "it answered " + status + " (check " +
                       (app ? "slack.api_url" : "slack.webhook") +
                       " and the proxy)");
}

}  // namespace eh::host
