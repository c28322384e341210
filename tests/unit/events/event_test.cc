#include "events/event.h"

#include "support.h"

using namespace eh::host;

BOOST_AUTO_TEST_SUITE(events_event)

namespace {

const SystemTime noon = SystemTime{} + std::chrono::seconds(1769853600);

boost::json::object read(const Event& event) {
  const auto line = event_json(event, noon);
  BOOST_CHECK(line.find('\n') == line.npos);
  auto object = boost::json::parse(line).as_object();
  BOOST_CHECK_EQUAL(object.at("time").as_string(), "2026-01-31T10:00:00.000Z");
  return object;
}

std::string text(const boost::json::object& object, const char* key) {
  return std::string(object.at(key).as_string());
}

const std::string odd = "a \"b\"\n\\ \xff \x01 \xc3\xa9";

}  // namespace

BOOST_AUTO_TEST_CASE(runs) {
  auto o = read(RunStarted{"run-1", "main", odd, "/results", 12, 5, 4});
  BOOST_CHECK_EQUAL(text(o, "event"), "run_started");
  BOOST_CHECK_EQUAL(text(o, "run"), "run-1");
  BOOST_CHECK_EQUAL(text(o, "group"), "main");
  BOOST_CHECK_EQUAL(text(o, "output"), "/results");
  BOOST_CHECK_EQUAL(o.at("chosen").as_int64(), 12);
  BOOST_CHECK_EQUAL(o.at("done_before").as_int64(), 5);
  BOOST_CHECK_EQUAL(o.at("jobs").as_int64(), 4);
  BOOST_CHECK(!o.contains("stale"));
  o = read(RunStarted{"run-1", "main", odd, "/results", 12, 5, 4, 3});
  BOOST_CHECK_EQUAL(o.at("stale").as_int64(), 3);

  o = read(Stopping{"interrupted", 3, 4, true});
  BOOST_CHECK_EQUAL(text(o, "why"), "interrupted");
  BOOST_CHECK_EQUAL(o.at("running").as_int64(), 3);
  BOOST_CHECK_EQUAL(o.at("not_started").as_int64(), 4);
  BOOST_CHECK(o.at("killing").as_bool());

  o = read(RunEnded{{36, 1, 2, 3, 4, 5, 6, 7}, 1.5, 100});
  std::int64_t sum = 0;
  for (const auto* key : {"done_before", "ok", "elsewhere", "failed",
                          "cancelled", "unwritable", "not_started"})
    sum += o.at(key).as_int64();
  BOOST_CHECK_EQUAL(sum, 28);
  BOOST_CHECK_EQUAL(o.at("chosen").as_int64(), 36);
  BOOST_CHECK_EQUAL(o.at("seconds").as_double(), 1.5);
  BOOST_CHECK_EQUAL(o.at("exit_code").as_int64(), 100);
}

BOOST_AUTO_TEST_CASE(experiments) {
  auto o = read(ExperimentStarted{"s/1", "/results/main/s/1", 2, 3, true});
  BOOST_CHECK_EQUAL(text(o, "event"), "started");
  BOOST_CHECK_EQUAL(text(o, "name"), "s/1");
  BOOST_CHECK_EQUAL(text(o, "leaf"), "/results/main/s/1");
  BOOST_CHECK_EQUAL(o.at("attempt").as_int64(), 2);
  BOOST_CHECK_EQUAL(o.at("slot").as_int64(), 3);
  BOOST_CHECK(o.at("resumes").as_bool());

  o = read(
      ExperimentEnded{"s/1", "/r", 2, Status::crashed, odd, {}, 0.25, true, 2});
  BOOST_CHECK_EQUAL(text(o, "event"), "ended");
  BOOST_CHECK_EQUAL(text(o, "status"), "crashed");
  BOOST_CHECK_EQUAL(text(o, "message"),
                    "a \"b\"\n\\ \xef\xbf\xbd \x01 \xc3\xa9");
  BOOST_CHECK_EQUAL(o.at("seconds").as_double(), 0.25);
  BOOST_CHECK(o.at("will_retry").as_bool());
  BOOST_CHECK_EQUAL(o.at("left_processes").as_int64(), 2);

  o = read(ExperimentHeldElsewhere{"s/1", "node", 42});
  BOOST_CHECK_EQUAL(text(o, "host"), "node");
  BOOST_CHECK_EQUAL(o.at("pid").as_int64(), 42);

  o = read(ExperimentEndedElsewhere{"s/1", "/r", Status::timeout, odd});
  BOOST_CHECK_EQUAL(text(o, "status"), "timeout");

  o = read(ExperimentUnwritable{"s/1", "/r", odd});
  BOOST_CHECK_EQUAL(text(o, "event"), "unwritable");
}

BOOST_AUTO_TEST_SUITE_END()
