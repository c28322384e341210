#include "contract/verdict_text.h"

#include <boost/json.hpp>

#include "leaf/verdict.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(contract_verdict_text)

BOOST_AUTO_TEST_CASE(is_read_again) {
  VerdictText written;
  written.status = Status::timeout;
  written.message = "took \"long\"";
  written.start = "2026-01-31T10:00:00.250Z";
  written.end = "2026-01-31T10:01:00.250Z";
  written.seconds = 60;
  written.exit_code = 0;
  written.results = R"({"wait":0.1})";
  written.members = R"("attempt":2,"run":"run-1")";
  const auto text = verdict_text(written);
  BOOST_CHECK(text.ends_with("}\n"));
  const auto verdict = parse_verdict(text);
  BOOST_REQUIRE(verdict);
  BOOST_CHECK(verdict->status == Status::timeout);
  BOOST_CHECK_EQUAL(verdict->message, "took \"long\"");
  BOOST_CHECK_EQUAL(verdict->start, written.start);
  BOOST_CHECK_EQUAL(verdict->end, written.end);
  BOOST_CHECK_EQUAL(verdict->seconds, 60);
  BOOST_CHECK(verdict->exit_code == 0);
  BOOST_CHECK_EQUAL(verdict->results, written.results);
  BOOST_CHECK_EQUAL(verdict->attempt, 2);
  BOOST_CHECK_EQUAL(verdict->run_id, "run-1");
}

BOOST_AUTO_TEST_CASE(what_is_not_known_is_left_out) {
  const auto text = verdict_text({});
  BOOST_CHECK_EQUAL(text, R"({"format":1,"status":"ok","seconds":0})"
                          "\n");
}

BOOST_AUTO_TEST_CASE(what_a_crash_leaves) {
  VerdictText written;
  written.status = Status::crashed;
  written.message = "killed by SIGSEGV";
  written.signal = "SIGSEGV";
  written.backtrace = {"f() + 0x1", "main"};
  written.cpu_seconds = 0.5;
  written.peak_memory = 4096;
  const auto verdict = boost::json::parse(verdict_text(written)).as_object();
  BOOST_CHECK_EQUAL(verdict.at("signal").as_string(), "SIGSEGV");
  BOOST_CHECK_EQUAL(verdict.at("backtrace").as_array().size(), 2);
  BOOST_CHECK_EQUAL(verdict.at("cpu_seconds").to_number<double>(), 0.5);
  BOOST_CHECK_EQUAL(verdict.at("peak_memory_bytes").to_number<int>(), 4096);
  BOOST_CHECK(!verdict.contains("exit_code"));
}

BOOST_AUTO_TEST_CASE(a_message_of_a_megabyte_is_cut) {
  VerdictText written;
  written.status = Status::failed;
  written.message = std::string(20'000, 'x');
  BOOST_CHECK(has(verdict_text(written), "xxx... (3616 bytes more)"));
}

BOOST_AUTO_TEST_SUITE_END()
