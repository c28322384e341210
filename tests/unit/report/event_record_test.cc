#include "report/event_record.h"

#include <boost/test/unit_test.hpp>

using namespace eh::host;

BOOST_AUTO_TEST_SUITE(report_event_record)

namespace {

const SystemTime time{std::chrono::milliseconds(1'769'853'600'250)};

std::string told(const Event& event) {
  const auto record = record_of(event, time);
  BOOST_CHECK(record.source == LogRecord::host);
  BOOST_CHECK_EQUAL(record.time, "2026-01-31T10:00:00.250Z");
  return level_name(record.level) + (' ' + record.experiment) + ": " +
         record.text;
}

}  // namespace

BOOST_AUTO_TEST_CASE(levels) {
  BOOST_CHECK_EQUAL(level_of("debug"), 10);
  BOOST_CHECK_EQUAL(level_of("info"), 20);
  BOOST_CHECK_EQUAL(level_of("warning"), 30);
  BOOST_CHECK_EQUAL(level_of("error"), 40);
  BOOST_CHECK_EQUAL(level_of("critical"), 50);
  BOOST_CHECK_EQUAL(level_of("x"), 0);
  for (const char* name : {"debug", "info", "warning", "error", "critical"})
    BOOST_CHECK_EQUAL(level_name(level_of(name)), name);
  BOOST_CHECK_EQUAL(level_name(35), "warning");
}

BOOST_AUTO_TEST_CASE(what_is_said_of_a_run) {
  BOOST_CHECK_EQUAL(
      told(RunStarted{"id", "main", "eh-host main", "/results", 1200, 7, 4}),
      "info : running eh-host main: 1,200 experiments of 'main', 7 done before,"
      " 4 at a time");
  BOOST_CHECK_EQUAL(told(Stopping{"interrupted", 2, 5, false}),
                    "warning : interrupted: 2 running, 5 not started");
  RunEnded ended;
  ended.counts.ok = 3;
  ended.counts.failed = 1;
  ended.seconds = 2;
  BOOST_CHECK_EQUAL(told(ended), "info : ended after 2.00s: 3 ok, 1 failed");
}

BOOST_AUTO_TEST_CASE(what_is_said_of_an_experiment) {
  BOOST_CHECK_EQUAL(told(ExperimentStarted{"s/1", "/r", 2, 0, true}),
                    "debug s/1: started, attempt 2, from a checkpoint");
  ExperimentEnded ended{"s/1", "/r", 1, Status::ok, "", {}, 2, false, 0, false};
  BOOST_CHECK_EQUAL(told(ended), "info s/1: ok after 2.00s");
  ended.status = Status::crashed;
  ended.message = "SIGSEGV";
  BOOST_CHECK_EQUAL(told(ended), "error s/1: crashed after 2.00s: SIGSEGV");
  ended.will_retry = true;
  BOOST_CHECK_EQUAL(told(ended),
                    "warning s/1: crashed after 2.00s: SIGSEGV (it is run"
                    " again)");
  ended = {"s/1", "/r", 1, Status::cancelled, "", {}, 2, false, 0, false};
  BOOST_CHECK_EQUAL(told(ended), "warning s/1: cancelled after 2.00s");
  BOOST_CHECK_EQUAL(told(ExperimentHeldElsewhere{"s/1", "node", 42}),
                    "info s/1: running on node, process 42");
  BOOST_CHECK_EQUAL(
      told(ExperimentEndedElsewhere{"s/1", "/r", Status::failed, "no"}),
      "error s/1: failed by another host: no");
  BOOST_CHECK_EQUAL(told(ExperimentUnwritable{"s/1", "/r", "full"}),
                    "error s/1: not saved: full");
}

BOOST_AUTO_TEST_SUITE_END()
