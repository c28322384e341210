// The thread that tells Slack, with a client that tests hold in their hands.
#include "report/slack.h"

#include <signal.h>

#include <boost/test/unit_test.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "config_support.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(report_slack)

namespace {

// What the client and the test share.
struct Line {
  std::mutex mutex;
  std::condition_variable changed;
  HttpAnswer answer{200, R"({"ok":true,"ts":"1"})", "", {}};
  bool hangs = false;
  bool aborted = false;
  bool signals_blocked = false;
  std::vector<std::string> bodies;

  void wait_for(std::size_t count) {
    std::unique_lock lock(mutex);
    BOOST_REQUIRE(changed.wait_for(lock, std::chrono::seconds(60),
                                   [&] { return bodies.size() >= count; }));
  }
};

class FakeClient : public HttpClient {
 public:
  explicit FakeClient(Line& line) : line_(line) {}
  HttpAnswer post(const HttpRequest& request) override {
    std::unique_lock lock(line_.mutex);
    sigset_t blocked;
    ::pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
    line_.signals_blocked = ::sigismember(&blocked, SIGINT) == 1 &&
                            ::sigismember(&blocked, SIGTERM) == 1 &&
                            ::sigismember(&blocked, SIGCHLD) == 1;
    line_.bodies.push_back(request.body);
    line_.changed.notify_all();
    line_.changed.wait(lock, [&] { return !line_.hangs || line_.aborted; });
    return line_.answer;
  }
  void abort() override {
    const std::lock_guard lock(line_.mutex);
    line_.aborted = true;
    line_.changed.notify_all();
  }

 private:
  Line& line_;
};

const RunStarted run{"id", "main", "run", "/r", 3, 0, 1};

std::unique_ptr<Slack> slack_on(Log& log, Line& line, double deadline = 60) {
  SlackSettings settings;
  settings.setup.token = "xoxb-1";
  settings.setup.channel = "C1";
  settings.setup.pause = 0.001;
  settings.deadline = deadline;
  return std::make_unique<Slack>(log, settings,
                                 std::make_unique<FakeClient>(line));
}

LogRecord failure(const std::string& experiment) {
  LogRecord out;
  out.source = LogRecord::host;
  out.level = 40;
  out.experiment = experiment;
  out.text = "failed";
  return out;
}

using Variable = std::pair<const std::string, std::string>;

SlackSettings settings_of(std::initializer_list<Variable> variables) {
  const ConfigFixture world("", {}, Variables(variables));
  return slack_settings_of(world.resolve());
}

void check_refused(std::initializer_list<Variable> variables,
                   const std::string& part) {
  BOOST_CHECK_EXCEPTION(settings_of(variables), Error,
                        error_with(exit_usage, {"cannot use slack.", part}));
}

}  // namespace

BOOST_AUTO_TEST_CASE(all_is_told_before_the_end) {
  Log log;
  Line line;
  auto slack = slack_on(log, line);
  slack->on(run);
  line.wait_for(1);
  log.write(failure("a"));
  log.write(failure("b"));
  slack->finish(RunEnded{});
  BOOST_CHECK(!slack->take_warning());
  BOOST_REQUIRE_GE(line.bodies.size(), 3u);
  BOOST_CHECK(has(line.bodies.front(), "*Running"));
  std::string all;
  for (const auto& body : line.bodies) all += body;
  BOOST_CHECK(has(all, "`a` `failed`"));
  BOOST_CHECK(has(all, "`b` `failed`"));
  BOOST_CHECK(has(all, "*Done, with "));
  BOOST_CHECK(line.signals_blocked);
}

BOOST_AUTO_TEST_CASE(posting_waits_for_nothing_and_the_end_not_for_long) {
  Log log;
  Line line;
  line.hangs = true;
  auto slack = slack_on(log, line, 0.05);
  slack->on(run);
  line.wait_for(1);
  for (int i = 0; i < 1000; ++i) log.write(failure("a"));
  slack->finish(RunEnded{});
  BOOST_CHECK(line.aborted);
  BOOST_CHECK_EQUAL(line.bodies.size(), 1u);
  const auto warning = slack->take_warning();
  BOOST_REQUIRE(warning);
  BOOST_CHECK_EQUAL(*warning,
                    "cannot tell Slack all, 1,001 messages were lost: it took"
                    " too long (slack.deadline is 0.05s)");
  BOOST_CHECK(!slack->take_warning());
}

BOOST_AUTO_TEST_CASE(what_may_be_sent_only_later_is_not_waited_for) {
  Log log;
  Line line;
  line.answer = {429, "", "", 3600};
  auto slack = slack_on(log, line, 1000);
  slack->on(run);
  line.wait_for(1);
  slack->break_off("why");
  BOOST_CHECK_EQUAL(line.bodies.size(), 1u);
  BOOST_CHECK_EQUAL(slack->take_warning().value_or(""),
                    "cannot tell Slack all, 1 message was lost: it takes no"
                    " more messages now (ask again in 1h 00m)");
}

BOOST_AUTO_TEST_CASE(a_refusal_is_known_before_the_end) {
  Log log;
  Line line;
  line.answer.body = R"({"ok":false,"error":"invalid_auth"})";
  auto slack = slack_on(log, line);
  slack->on(run);
  std::optional<std::string> warning;
  while (!(warning = slack->take_warning())) std::this_thread::yield();
  BOOST_CHECK(has(*warning,
                  "nothing more is sent to Slack: it answered"
                  " invalid_auth (check slack.token"));
  log.write(failure("a"));
  slack->finish(RunEnded{});
  BOOST_CHECK_EQUAL(line.bodies.size(), 1u);
  BOOST_CHECK(!slack->take_warning());
}

BOOST_AUTO_TEST_CASE(one_that_is_thrown_away_waits_for_nothing) {
  Log log;
  Line line;
  line.hangs = true;
  auto slack = slack_on(log, line, 1000);
  slack->on(run);
  line.wait_for(1);
  slack.reset();
  BOOST_CHECK(line.aborted);
}

BOOST_AUTO_TEST_CASE(settings) {
  BOOST_CHECK(!settings_of({}).enabled());
  const auto app =
      settings_of({{"EH_SLACK_TOKEN", "xoxb-1"},
                   {"EH_SLACK_CHANNEL", "C1"},
                   {"EH_SLACK_API_URL", "https://slack-gov.com/api"},
                   {"EH_SLACK_LOGLEVEL", "error"},
                   {"EH_SLACK_DEADLINE", "2s"}});
  BOOST_CHECK(app.enabled());
  BOOST_CHECK_EQUAL(app.setup.api_url, "https://slack-gov.com/api/");
  BOOST_CHECK_EQUAL(app.setup.level, 40);
  BOOST_CHECK_EQUAL(app.deadline, 2);
  BOOST_CHECK(settings_of({{"EH_SLACK_WEBHOOK", "https://h/x"}}).enabled());
}

BOOST_AUTO_TEST_CASE(half_an_app_is_none) {
  const Variable token{"EH_SLACK_TOKEN", "x"}, channel{"EH_SLACK_CHANNEL", "C"},
      webhook{"EH_SLACK_WEBHOOK", "https://h/x"};
  for (const auto& [half, lacks] :
       {std::pair{token, "slack.channel is not set"},
        {channel, "slack.token is not set"}}) {
    const auto alone = settings_of({half});
    BOOST_CHECK(!alone.enabled());
    BOOST_CHECK(has(alone.lacks, lacks));
    const auto beside = settings_of({half, webhook});
    BOOST_CHECK(beside.enabled());
    BOOST_CHECK_EQUAL(beside.lacks, "");
    BOOST_CHECK_EQUAL(beside.setup.token, "");
  }
  BOOST_CHECK_EQUAL(settings_of({token, channel}).lacks, "");
}

BOOST_AUTO_TEST_CASE(settings_that_cannot_be_used) {
  check_refused({{"EH_SLACK_TOKEN", "x y"}, {"EH_SLACK_CHANNEL", "C1"}},
                "it holds spaces");
  check_refused({{"EH_SLACK_WEBHOOK", "http://h/x"}}, "begin with https://");
  check_refused({{"EH_SLACK_API_URL", "slack.com/api"}},
                "'slack.com/api' (from EH_SLACK_API_URL)");
  check_refused({{"EH_SLACK_API_URL", "https://"}}, "'https://'");
}

BOOST_AUTO_TEST_SUITE_END()
