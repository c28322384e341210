#include "report/slack_message.h"

#include <boost/test/unit_test.hpp>

#include "report/slack_text.h"
#include "support.h"

using namespace eh::host;
using test::has;

BOOST_AUTO_TEST_SUITE(report_slack_message)

namespace {

const RunStarted run{"id", "main", "eh-host main <a>", "/r", 1200, 7, 4};

LogRecord record(int level, const std::string& experiment,
                 const std::string& text,
                 LogRecord::Source source = LogRecord::host) {
  LogRecord out;
  out.source = source;
  out.level = level;
  out.experiment = experiment;
  out.text = text;
  return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(how_a_run_is) {
  BOOST_CHECK_EQUAL(slack_running_text(run, "node", 0),
                    ":gear: *Running:* `eh-host main &lt;a&gt;`\n"
                    "1,200 experiments, 7 done before, 4 at a time\n"
                    "Results: `/r/main` on `node`");
  BOOST_CHECK(has(slack_running_text(run, "node", 20), ":gear: *Running:*"));
  auto as_many_as_fit = run;
  as_many_as_fit.jobs = 0;
  BOOST_CHECK(!has(slack_running_text(as_many_as_fit, "node", 0), "at a time"));
  BOOST_CHECK(has(slack_running_text(run, "node", 30),
                  ":warning: *Running, with warnings:*"));
  for (const int level : {40, 50})
    BOOST_CHECK(has(slack_running_text(run, "node", level),
                    ":x: *Running, with failures:*"));
}

BOOST_AUTO_TEST_CASE(how_it_ended) {
  RunEnded ended;
  ended.counts.ok = 3;
  ended.seconds = 125;
  BOOST_CHECK_EQUAL(slack_ended_text(run, "node", ended, 0),
                    ":white_check_mark: *Done:* `eh-host main &lt;a&gt;`\n"
                    "3 ok in 2m 05s\nResults: `/r/main` on `node`");
  // The first message keeps its sign: what it warned of has happened.
  BOOST_CHECK(has(slack_ended_text(run, "node", ended, 30),
                  ":warning: *Done, with warnings:*"));
  BOOST_CHECK(has(slack_ended_text(run, "node", ended, 40),
                  ":warning: *Done, with errors:*"));
  ended.exit_code = 130;
  BOOST_CHECK(has(slack_ended_text(run, "node", ended, 0), ":x: *Stopped:*"));
  ended.counts.failed = 1;
  BOOST_CHECK(has(slack_ended_text(run, "node", ended, 0), ":x: *Failed:*"));
  BOOST_CHECK(
      has(slack_ended_text(run, "node", ended, 0), "3 ok, 1 failed in"));
  BOOST_CHECK(has(slack_broken_text(run, "node", "cannot <do>"),
                  ":x: *Broken off:* `eh-host main &lt;a&gt;`\n"
                  "`cannot &lt;do&gt;`\nResults: "));
}

BOOST_AUTO_TEST_CASE(few_records_are_told_whole) {
  SlackDigest digest;
  BOOST_CHECK(digest.empty());
  digest.add(record(40, "a/1", "crashed <b>"));
  digest.add(record(30, "", "interrupted"));
  digest.add(record(20, "c", "two\nlines", LogRecord::experiment_log));
  BOOST_CHECK_EQUAL(digest.size(), 3u);
  BOOST_CHECK_EQUAL(digest.text(),
                    ":x: `a/1` `crashed &lt;b&gt;`\n"
                    ":warning: `interrupted`\n"
                    ":information_source: `c` ```\ntwo\nlines\n```");
}

BOOST_AUTO_TEST_CASE(of_many_their_number_and_some_names) {
  SlackDigest digest;
  digest.add(record(40, "long", std::string(5000, 'x')));
  BOOST_CHECK(has(digest.text(), " more characters)`"));
  for (int i = 0; i < 37; ++i)
    digest.add(record(40, "n/" + std::to_string(i), std::string(500, 'y')));
  digest.add(record(40, "n/1", "logged", LogRecord::experiment_log));
  for (int i = 0; i < 2; ++i) digest.add(record(30, "w", "slow"));
  digest.add(record(20, "", "info"));
  const auto text = digest.text();
  BOOST_CHECK_EQUAL(digest.size(), 42u);
  BOOST_CHECK(has(text, "\n:x: 37 more failed: `n/0`, `n/1`, "));
  BOOST_CHECK(has(text, "`, ...\n:x: 1 more error: `n/1`\n"));
  BOOST_CHECK(has(text, "\n:warning: 2 more warnings: `w`\n"));
  BOOST_CHECK(text.ends_with("\n:information_source: 1 more record"));
}

BOOST_AUTO_TEST_CASE(it_never_gets_too_long) {
  RunStarted long_run = run;
  long_run.command = long_run.output = long_run.group =
      std::string(10'000, '<');
  RunEnded ended;
  ended.counts = {1'000'000'000, 1'000'000'000, 1'000'000'000, 1'000'000'000,
                  1'000'000'000, 1'000'000'000, 1'000'000'000, 1'000'000'000};
  const std::string host(1000, '&');
  SlackDigest digest;
  const std::string amps(1000, '&');
  for (int i = 0; i < 20'000; ++i)
    digest.add(record(20 + i % 4 * 10, std::to_string(i) + amps, amps,
                      i % 8 < 4 ? LogRecord::host : LogRecord::experiment_log));
  BOOST_CHECK_EQUAL(digest.size(), 20'000u);
  BOOST_CHECK_LT(slack_length(slack_ended_text(long_run, host, ended, 40) +
                              '\n' + digest.text()),
                 max_slack_text);
  BOOST_CHECK_LT(slack_length(slack_broken_text(long_run, host, amps) + '\n' +
                              digest.text()),
                 max_slack_text);
}

BOOST_AUTO_TEST_SUITE_END()
