#include "events/parse.h"

#include "events/log_text.h"
#include "json/write.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(events_parse)

namespace {

const SystemTime noon = SystemTime{} + std::chrono::seconds(1769853600);
const std::string odd = "a \"b\"\n\\ \x01 \xc3\xa9";

// What comes back of an event says the same as before.
void check_event(const Event& event) {
  const auto line = event_json(event, noon);
  const auto entry = parse_journal_line(line);
  BOOST_REQUIRE_MESSAGE(entry, line);
  BOOST_CHECK_EQUAL(entry->time, "2026-01-31T10:00:00.000Z");
  const auto* read = std::get_if<Event>(&entry->what);
  BOOST_REQUIRE_MESSAGE(read, line);
  BOOST_CHECK_EQUAL(event_json(*read, noon), line);
}

std::string log_line_of(const LogRecord& record) {
  return JsonObject()
      .text("event", "log")
      .members(log_members(record, "main"))
      .str();
}

void check_record(const LogRecord& record) {
  const auto line = log_line_of(record);
  const auto entry = parse_journal_line(line);
  BOOST_REQUIRE_MESSAGE(entry, line);
  const auto* read = std::get_if<LogRecord>(&entry->what);
  BOOST_REQUIRE_MESSAGE(read, line);
  BOOST_CHECK_EQUAL(log_line_of(*read), line);
}

}  // namespace

BOOST_AUTO_TEST_CASE(events) {
  check_event(RunStarted{"run-1", "main", odd, "/results", 12, 5, 4});
  check_event(RunStarted{"run-1", "main", odd, "/r", 12, 5, 0, 3, 7, true});
  check_event(ExperimentStarted{"s/1", "/r/main/s/1", 2, 3, true});
  check_event(ExperimentStarted{"s/1", "/r", 1, 0, false, "n1", "0,1"});
  check_event(ExperimentEnded{"s/1",
                              "/r",
                              2,
                              Status::crashed,
                              odd,
                              {"f()", odd},
                              0.25,
                              true,
                              2,
                              true,
                              true});
  check_event(ExperimentEnded{"s/1", "/r", 1, Status::ok, "", {}, 0.5});
  check_event(ExperimentHeldElsewhere{"s/1", "node", 42});
  check_event(ExperimentEndedElsewhere{"s/1", "/r", Status::timeout, odd});
  check_event(ExperimentUnwritable{"s/1", "/r", odd});
  check_event(ClusterState{
      3, 2, 1, {{"Resources", 2}, {"Priority", 1}}, {{"n1", 2}}, "14:05"});
  check_event(ClusterState{});
  check_event(Notice{log_level::warning, odd});
  check_event(Stopping{"interrupted", 3, 4, true});
  check_event(RunEnded{{36, 1, 2, 3, 4, 5, 6, 7}, 1.5, 100});
  check_event(RunBroken{odd});
  check_event(RunLeft{odd});
}

BOOST_AUTO_TEST_CASE(records) {
  LogRecord record;
  record.time = "2026-01-31T10:00:00.250Z";
  record.level = log_level::warning;
  record.experiment = "s/1";
  record.text = odd;
  check_record(record);
  record.process = 4711;
  record.file = "a.cc";
  record.line = 12;
  check_record(record);
  record.source = LogRecord::experiment_output;
  check_record(record);
}

BOOST_AUTO_TEST_CASE(tasks) {
  auto entry = parse_journal_line(
      R"({"event":"task_started","time":"t","task":12,"job":"4711",)"
      R"("array_job":"4700","array_task":"11","restart":2,"node":"n1",)"
      R"("host":"h","pid":99,"cpus":4,"gpus":"0,1","slots":3})");
  BOOST_REQUIRE(entry);
  const auto& began = std::get<TaskStarted>(entry->what);
  BOOST_CHECK_EQUAL(began.task, 12);
  BOOST_CHECK_EQUAL(began.job, "4711");
  BOOST_CHECK_EQUAL(began.array_job, "4700");
  BOOST_CHECK_EQUAL(began.array_task, "11");
  BOOST_CHECK_EQUAL(began.restart, 2);
  BOOST_CHECK_EQUAL(began.node, "n1");
  BOOST_CHECK_EQUAL(began.host, "h");
  BOOST_CHECK_EQUAL(began.pid, 99);
  BOOST_CHECK_EQUAL(began.cpus, 4);
  BOOST_CHECK_EQUAL(began.gpus, "0,1");
  BOOST_CHECK_EQUAL(began.slots, 3);
  entry = parse_journal_line(
      R"({"event":"task_ended","why":"handed_on","message":"m",)"
      R"("requeued":true,"exit_code":3})");
  BOOST_REQUIRE(entry);
  const auto& ended = std::get<TaskEnded>(entry->what);
  BOOST_CHECK_EQUAL(ended.why, "handed_on");
  BOOST_CHECK_EQUAL(ended.message, "m");
  BOOST_CHECK(ended.requeued);
  BOOST_CHECK_EQUAL(ended.exit_code, 3);
}

BOOST_AUTO_TEST_CASE(anything_else_is_passed_over) {
  for (const auto* line :
       {"", "{", "[]", "null", "{}", R"({"event":7})", R"({"event":"other"})",
        R"({"event":"ended","name":"a","status":"odd"})",
        R"({"event":"log","level":"odd"})", R"({"event":"ended"} x)", "\x01"})
    BOOST_CHECK_MESSAGE(!parse_journal_line(line), line);
  // What is missing or of another kind does not matter.
  const auto entry = parse_journal_line(
      R"({"event":"started","name":"a","attempt":-3,"slot":"x","more":[1]})");
  BOOST_REQUIRE(entry);
  const auto& e = std::get<ExperimentStarted>(std::get<Event>(entry->what));
  BOOST_CHECK_EQUAL(e.name, "a");
  BOOST_CHECK_EQUAL(e.attempt, 1);
}

BOOST_AUTO_TEST_SUITE_END()
