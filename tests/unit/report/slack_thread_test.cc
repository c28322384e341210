#include "report/slack_thread.h"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include "support.h"

using namespace eh::host;
using test::has;

BOOST_AUTO_TEST_SUITE(report_slack_thread)

namespace {

const RunStarted run{"id", "main", "run", "/r", 3, 0, 1};

SlackSetup app() {
  SlackSetup out;
  out.token = "xoxb-1";
  out.channel = "C1";
  out.host = "node";
  return out;
}

SlackSetup hook() {
  SlackSetup out;
  out.webhook = "https://hook/secret";
  out.host = "node";
  return out;
}

LogRecord record(int level, const std::string& experiment) {
  LogRecord out;
  out.source = LogRecord::host;
  out.level = level;
  out.experiment = experiment;
  out.text = "said";
  return out;
}

RunEnded ended(int exit_code = 0) {
  RunEnded out;
  out.counts.ok = 3;
  out.exit_code = exit_code;
  return out;
}

HttpAnswer taken(const std::string& ts = "1.5") {
  return {200, R"({"ok":true,"channel":"C9","ts":")" + ts + "\"}", "", {}};
}
HttpAnswer error(const std::string& name) {
  return {200, R"({"ok":false,"error":")" + name + "\"}", "", {}};
}
const HttpAnswer ok{200, "ok", "", {}};
const HttpAnswer down{0, "", "nobody is there", {}};

// A SlackThread at a time of its own, in seconds.
struct Dependencies {
  explicit Dependencies(SlackSetup setup) : slack(std::move(setup)) {
    slack.on(run);
  }

  SlackThread slack;
  double now = 1000;
  HttpRequest sent;

  Clock::time_point time() const {
    return Clock::time_point(std::chrono::duration_cast<Clock::duration>(
        std::chrono::duration<double>(now)));
  }
  // Seconds until there is something to send; -1: there is nothing.
  double until_due() const {
    const auto due = slack.due();
    if (!due) return -1;
    const double left = std::chrono::duration<double>(*due - time()).count();
    return std::max(0.0, left);
  }
  // What is sent now: "METHOD thread text", or "".
  std::string send() {
    const auto request = slack.next(time());
    if (!request) return "";
    sent = *request;
    const auto json = boost::json::parse(sent.body).as_object();
    std::string out = sent.url.substr(sent.url.rfind('/') + 1);
    if (const auto* ts = json.if_contains("thread_ts"))
      out += " in " + std::string(ts->as_string());
    if (const auto* ts = json.if_contains("ts"))
      out += " of " + std::string(ts->as_string());
    const auto text = std::string(json.at("text").as_string());
    return out + ' ' + text.substr(0, text.find(":* `"));
  }
  void answer(const HttpAnswer& http) { slack.answered(http, time()); }
  // Sends when it is due, and gets the answer at once.
  std::string exchange(const HttpAnswer& http) {
    BOOST_REQUIRE_GE(until_due(), 0);
    now += until_due() + 1e-6;
    const auto out = send();
    answer(http);
    return out;
  }
};

const std::string root = "chat.postMessage :gear: *Running";

}  // namespace

BOOST_AUTO_TEST_CASE(nothing_before_the_start) {
  SlackThread slack(app());
  slack.on(record(40, "a"));
  BOOST_CHECK(!slack.due());
  BOOST_CHECK(slack.finished());
  slack.on(ended());
  BOOST_CHECK(slack.finished());
  BOOST_CHECK_EQUAL(slack.untold(), 1u);
}

BOOST_AUTO_TEST_CASE(one_thread) {
  Dependencies world(app());
  BOOST_CHECK_EQUAL(world.until_due(), 0);
  BOOST_CHECK_EQUAL(world.send(), root);
  BOOST_CHECK_EQUAL(world.sent.url, "https://slack.com/api/chat.postMessage");
  BOOST_CHECK_EQUAL(world.sent.authorization, "Bearer xoxb-1");
  BOOST_CHECK(has(world.sent.body, R"({"channel":"C1","text":":gear:)"));
  BOOST_CHECK(world.slack.awaits_answer());
  BOOST_CHECK_EQUAL(world.send(), "");
  BOOST_CHECK_EQUAL(world.until_due(), -1);
  world.answer(taken());
  BOOST_CHECK_EQUAL(world.until_due(), -1);

  world.slack.on(record(20, "a"));
  BOOST_CHECK_EQUAL(world.until_due(), -1);
  world.slack.on(record(30, "a"));
  BOOST_CHECK_CLOSE(world.until_due(), 1, 0.01);
  BOOST_CHECK_EQUAL(world.send(), "");
  BOOST_CHECK_EQUAL(world.exchange(taken()),
                    "chat.update of 1.5 :warning: *Running, with warnings");
  // The channel is the one that Slack names.
  BOOST_CHECK(has(world.sent.body, R"({"channel":"C9","ts":"1.5")"));
  BOOST_CHECK_EQUAL(world.exchange(taken("2.5")),
                    "chat.postMessage in 1.5 :warning: `a` `said`");
  world.slack.on(record(40, "b"));
  BOOST_CHECK_EQUAL(world.exchange(taken()),
                    "chat.update of 1.5 :x: *Running, with failures");
  BOOST_CHECK_EQUAL(world.exchange(taken("3.5")),
                    "chat.postMessage in 1.5 :x: `b` `said`");
  world.slack.on(record(30, "c"));
  BOOST_CHECK_EQUAL(world.exchange(taken("4.5")),
                    "chat.postMessage in 1.5 :warning: `c` `said`");
  BOOST_CHECK_EQUAL(world.until_due(), -1);
  BOOST_CHECK(!world.slack.finished());
  world.slack.on(ended());
  BOOST_CHECK_EQUAL(world.slack.untold(), 1u);
  BOOST_CHECK_EQUAL(world.exchange(taken()),
                    "chat.update of 1.5 :warning: *Done, with errors");
  BOOST_CHECK(world.slack.finished());
  BOOST_CHECK_EQUAL(world.slack.untold(), 0u);
  BOOST_CHECK_EQUAL(world.slack.reason(), "");
}

BOOST_AUTO_TEST_CASE(what_changes_before_it_is_told) {
  Dependencies world(app());
  world.slack.on(record(40, "a"));
  world.slack.on(ended(100));
  // The end is what matters most when there is little time.
  BOOST_CHECK_EQUAL(world.exchange(taken()), "chat.postMessage :x: *Stopped");
  BOOST_CHECK_EQUAL(world.exchange(taken("2.5")),
                    "chat.postMessage in 1.5 :x: `a` `said`");
  BOOST_CHECK(world.slack.finished());

  Dependencies during(app());
  during.send();
  during.slack.on(ended());
  during.answer(taken());
  BOOST_CHECK(!during.slack.finished());
  BOOST_CHECK_EQUAL(during.exchange(taken()),
                    "chat.update of 1.5 :white_check_mark: *Done");
}

BOOST_AUTO_TEST_CASE(what_a_webhook_gets) {
  Dependencies world(hook());
  BOOST_CHECK_EQUAL(world.exchange(ok), "secret :gear: *Running");
  BOOST_CHECK_EQUAL(world.sent.url, "https://hook/secret");
  BOOST_CHECK_EQUAL(world.sent.authorization, "");
  BOOST_CHECK(has(world.sent.body, R"({"text":)"));
  world.slack.on(record(30, "a"));
  BOOST_CHECK_EQUAL(world.exchange(ok), "secret :warning: `a` `said`");
  BOOST_CHECK_EQUAL(world.until_due(), -1);
  world.slack.on(record(40, "b"));
  world.slack.on(ended(100));
  BOOST_CHECK_EQUAL(world.slack.untold(), 2u);
  BOOST_CHECK_EQUAL(world.exchange(ok), "secret :x: *Stopped");
  BOOST_CHECK(has(world.sent.body, "\\n:x: `b` `said`"));
  BOOST_CHECK(world.slack.finished());
  BOOST_CHECK_EQUAL(world.slack.untold(), 0u);
}

BOOST_AUTO_TEST_CASE(failures_are_told_whatever_the_level) {
  auto setup = app();
  setup.level = 50;
  Dependencies world(setup);
  world.exchange(taken());
  auto logged = record(40, "a");
  logged.source = LogRecord::experiment_log;
  world.slack.on(logged);
  world.slack.on(record(30, "a"));
  BOOST_CHECK_EQUAL(world.until_due(), -1);
  world.slack.on(record(40, "a"));
  BOOST_CHECK_EQUAL(world.slack.untold(), 1u);
}

BOOST_AUTO_TEST_CASE(records_gather_while_there_are_many) {
  Dependencies world(app());
  world.exchange(taken());
  world.slack.on(record(40, "a"));
  world.exchange(taken());
  int messages = 0;
  const double begin = world.now;
  for (int second = 0; second < 3600; ++second) {
    for (int i = 0; i < 5; ++i) world.slack.on(record(40, "a"));
    while (world.until_due() >= 0 &&
           world.now + world.until_due() < begin + second + 1) {
      world.exchange(taken());
      ++messages;
    }
    world.now = begin + second + 1;
  }
  BOOST_CHECK_LT(messages, 130);
  BOOST_CHECK_GT(messages, 60);
  world.slack.on(ended(100));
  world.exchange(taken());
  if (!world.slack.finished()) world.exchange(taken());
  BOOST_CHECK(world.slack.finished());
  // One that comes after a silence is told at once.
  Dependencies rare(app());
  rare.exchange(taken());
  rare.slack.on(record(40, "a"));
  rare.exchange(taken());
  for (int i = 0; i < 100; ++i) {
    rare.now += 100;
    rare.slack.on(record(40, "a"));
    BOOST_CHECK_EQUAL(rare.until_due(), 0);
    rare.exchange(taken());
  }
}

BOOST_AUTO_TEST_CASE(it_tries_again_more_and_more_slowly) {
  Dependencies world(app());
  double pause = 1;
  for (int i = 0; i < 10; ++i) {
    BOOST_CHECK_EQUAL(world.exchange(down), root);
    BOOST_CHECK_CLOSE(world.until_due(), pause, 0.01);
    pause = std::min(60.0, 2 * pause);
  }
  BOOST_CHECK_EQUAL(world.slack.reason(), "nobody is there");
  // At the end there is no time for that.
  world.slack.on(ended());
  BOOST_CHECK_CLOSE(world.until_due(), 1, 0.01);
  world.exchange({500, "", "", {}});
  BOOST_CHECK_CLOSE(world.until_due(), 1, 0.01);
  BOOST_CHECK_EQUAL(world.slack.untold(), 1u);
  BOOST_CHECK_EQUAL(world.slack.reason(), "it answered 500");
  world.exchange(taken());
  BOOST_CHECK(world.slack.finished());
  BOOST_CHECK_EQUAL(world.slack.reason(), "");
}

BOOST_AUTO_TEST_CASE(no_record_is_lost_in_between) {
  for (const bool is_app : {true, false}) {
    Dependencies world(is_app ? app() : hook());
    const auto good = is_app ? taken() : ok;
    world.exchange(good);
    world.slack.on(record(40, "a"));
    if (is_app) world.exchange(good);
    BOOST_CHECK(has(world.exchange(down), ":x: `a` `said`"));
    world.slack.on(record(40, "b"));
    BOOST_CHECK_EQUAL(world.slack.untold(), 2u);
    BOOST_CHECK(has(world.exchange(down), ":x: `a` `said`"));
    BOOST_CHECK(has(world.exchange(good), ":x: `a` `said`"));
    BOOST_CHECK_EQUAL(world.slack.untold(), 1u);
    BOOST_CHECK(has(world.exchange(down), ":x: `b` `said`"));
    world.slack.on(ended(100));
    while (!world.slack.finished()) world.exchange(good);
    BOOST_CHECK_EQUAL(world.slack.untold(), 0u);
  }
}

BOOST_AUTO_TEST_CASE(slack_says_when_to_go_on) {
  Dependencies world(app());
  world.exchange({429, "", "", 30});
  BOOST_CHECK_CLOSE(world.until_due(), 30, 0.01);
  world.slack.on(ended());
  BOOST_CHECK_CLOSE(world.until_due(), 30, 0.01);
  world.exchange(taken());
  BOOST_CHECK(world.slack.finished());
  Dependencies hasty(app());
  hasty.exchange({429, "", "", 0});
  BOOST_CHECK_CLOSE(hasty.until_due(), 1, 0.01);
}

BOOST_AUTO_TEST_CASE(what_ends_it) {
  for (const auto& answer :
       {error("invalid_auth"), error("msg_too_long"), error("any_other")}) {
    Dependencies world(app());
    world.exchange(answer);
    BOOST_CHECK(world.slack.finished());
    BOOST_CHECK(has(world.slack.stopped(), "it answered "));
    world.slack.on(record(40, "a"));
    world.slack.on(ended());
    BOOST_CHECK_EQUAL(world.until_due(), -1);
  }
  Dependencies world(app());
  for (int i = 0; i < 2; ++i) {
    world.exchange({200, "<html>", "", {}});
    BOOST_CHECK_EQUAL(world.slack.stopped(), "");
  }
  world.exchange(down);
  for (int i = 0; i < 3; ++i) world.exchange({200, "<html>", "", {}});
  BOOST_CHECK(has(world.slack.stopped(), "none of Slack's"));
}

BOOST_AUTO_TEST_CASE(one_message_that_is_refused) {
  Dependencies world(app());
  world.exchange(taken());
  world.slack.on(record(40, "a"));
  world.exchange(taken());
  world.exchange(error("msg_too_long"));
  world.slack.on(record(40, "b"));
  BOOST_CHECK(has(world.exchange(taken()), ":x: `b` `said`"));
  world.slack.on(ended());
  world.exchange(taken());
  BOOST_CHECK(world.slack.finished());
  BOOST_CHECK_EQUAL(world.slack.untold(), 1u);
  BOOST_CHECK_EQUAL(world.slack.reason(), "it answered msg_too_long");
}

BOOST_AUTO_TEST_CASE(a_root_that_cannot_be_changed) {
  Dependencies world(app());
  world.exchange(taken());
  world.slack.on(record(40, "a"));
  world.exchange(error("edit_window_closed"));
  BOOST_CHECK(has(world.exchange(taken()), ":x: `a` `said`"));
  world.slack.on(record(40, "b"));
  world.slack.on(ended());
  BOOST_CHECK(has(world.exchange(taken()), ":x: `b` `said`"));
  BOOST_CHECK_EQUAL(world.exchange(taken()),
                    "chat.postMessage in 1.5 :warning: *Done, with errors");
  BOOST_CHECK(world.slack.finished());
  BOOST_CHECK_EQUAL(world.slack.untold(), 0u);
}

BOOST_AUTO_TEST_CASE(a_run_that_breaks_off) {
  Dependencies world(app());
  world.exchange(taken());
  world.slack.broke_off("cannot go on");
  world.slack.on(ended());
  BOOST_CHECK_EQUAL(world.exchange(taken()),
                    "chat.update of 1.5 :x: *Broken off");
  BOOST_CHECK(has(world.sent.body, "`cannot go on`"));
  BOOST_CHECK(world.slack.finished());
}

BOOST_AUTO_TEST_CASE(it_stays_small) {
  Dependencies world(app());
  for (int i = 0; i < 200'000; ++i)
    world.slack.on(record(40, "n/" + std::to_string(i)));
  BOOST_CHECK_EQUAL(world.slack.untold(), 200'001u);
  world.exchange(taken());
  world.exchange(taken());
  BOOST_CHECK_LT(world.sent.body.size(), 8'000u);
  BOOST_CHECK(has(world.sent.body, " more failed: "));
  BOOST_CHECK_EQUAL(world.slack.untold(), 0u);
}

BOOST_AUTO_TEST_SUITE_END()
