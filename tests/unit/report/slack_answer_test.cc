#include "report/slack_answer.h"

#include <boost/test/unit_test.hpp>

#include "support.h"

using namespace eh::host;
using test::has;

BOOST_AUTO_TEST_SUITE(report_slack_answer)

namespace {

std::string of(const HttpAnswer& http, bool app = true) {
  static const char* const kinds[] = {"taken", "later", "senseless", "refused",
                                      "fatal"};
  const auto answer = read_slack_answer(http, app);
  std::string out = kinds[answer.kind];
  if (answer.wait) out += ' ' + std::to_string(static_cast<int>(*answer.wait));
  return answer.reason.empty() ? out : out + ": " + answer.reason;
}

std::string of_error(const std::string& name) {
  return of({200, R"({"ok":false,"error":")" + name + "\"}", "", {}});
}

}  // namespace

BOOST_AUTO_TEST_CASE(taken) {
  const auto answer = read_slack_answer(
      {200, R"({"ok":true,"channel":"C1","ts":"1.5","message":{}})", "", {}},
      true);
  BOOST_CHECK(answer.kind == SlackAnswer::taken);
  BOOST_CHECK_EQUAL(answer.ts, "1.5");
  BOOST_CHECK_EQUAL(answer.channel, "C1");
  BOOST_CHECK_EQUAL(of({200, "ok", "", {}}, false), "taken");
  BOOST_CHECK_EQUAL(of({200, "ok\n", "", {}}, false), "taken");
}

BOOST_AUTO_TEST_CASE(to_be_tried_again) {
  BOOST_CHECK_EQUAL(of({0, "", "Could not resolve host", {}}),
                    "later: Could not resolve host");
  BOOST_CHECK_EQUAL(of({500, "x", "", {}}), "later: it answered 500");
  BOOST_CHECK_EQUAL(of({503, "", "", 7}, false), "later 7: it answered 503");
  BOOST_CHECK_EQUAL(of({429, "", "", 30}),
                    "later 30: it takes no more messages now (ask again in"
                    " 30.0s)");
  BOOST_CHECK_EQUAL(of({429, "", "", {}}, false),
                    "later: it takes no more messages now");
  BOOST_CHECK_EQUAL(of_error("ratelimited"),
                    "later: it takes no more messages now");
  BOOST_CHECK_EQUAL(of_error("internal_error"),
                    "later: it answered internal_error");
}

BOOST_AUTO_TEST_CASE(refused) {
  BOOST_CHECK_EQUAL(of_error("msg_too_long"),
                    "refused: it answered msg_too_long");
  BOOST_CHECK(has(of_error("invalid_auth"),
                  "fatal: it answered invalid_auth (check slack.token"));
  BOOST_CHECK(has(of_error("missing_scope"), "chat:write"));
  BOOST_CHECK(has(of_error("brand_new"), "fatal: it answered brand_new (see"));
  BOOST_CHECK(has(of({404, "no_service", "", {}}, false),
                  "fatal: it answered no_service (check slack.webhook"));
  BOOST_CHECK(has(of({403, "<html>", "", {}}, false),
                  "fatal: it answered 403 (check slack.webhook"));
  BOOST_CHECK(has(of({302, "", "", {}}), "fatal: it answered 302 (check"));
  BOOST_CHECK(has(of({204, "", "", {}}), "fatal: it answered 204"));
}

// It may be what was sent to it.
BOOST_AUTO_TEST_CASE(nothing_else_of_an_answer_is_shown) {
  BOOST_CHECK(has(of_error("Bearer xoxb-1"), "answered an unknown error"));
  BOOST_CHECK(has(of_error(std::string(61, 'a')), "answered an unknown error"));
  BOOST_CHECK(has(of_error(""), "answered an unknown error"));
  BOOST_CHECK(!has(of({404, "xoxb-1", "", {}}, false), "xoxb"));
}

BOOST_AUTO_TEST_CASE(senseless) {
  for (const char* body :
       {"", "<html>", "[]", "{}", "null", R"({"ok":1})", R"({"ok":true})",
        R"({"ok":true,"ts":5})", R"({"ok":true,"ts":"1.)"})
    BOOST_CHECK(has(of({200, body, "", {}}), "senseless: "));
  BOOST_CHECK(has(of({200, std::string(60'000, '['), "", {}}), "senseless: "));
  BOOST_CHECK(has(of({200, "<html>", "", {}}, false), "senseless: "));
}

BOOST_AUTO_TEST_SUITE_END()
