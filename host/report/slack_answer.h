// What Slack answers, and what is to be done about it.
#pragma once

#include <optional>
#include <string>

#include "os/http.h"

namespace eh::host {

struct SlackAnswer {
  enum Kind {
    taken,
    later,      ///< not taken, but it may be when it is sent again
    senseless,  ///< as `later`; but nothing that Slack would say
    refused,    ///< this message, not others
    fatal,      ///< every message would be refused
  };
  Kind kind = taken;
  std::optional<double> wait;  ///< seconds, if it says how long
  std::string ts, channel;     ///< of the message, with the app
  /// Why it was not taken, for people: "invalid_auth (check slack.token ...)".
  std::string reason;
};

/// `app`: of the Web API, not of an incoming webhook.
SlackAnswer read_slack_answer(const HttpAnswer& answer, bool app);

}  // namespace eh::host
