#include "report/log_sinks.h"

#include <filesystem>

#include "report/backlog.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(report_log_sinks)

namespace {

LogRecord record(int level, const std::string& text) {
  LogRecord out;
  out.time = "2026-01-31T10:00:00.250Z";
  out.level = level;
  out.text = text;
  return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(each_gets_what_he_wants) {
  TemporaryDirectory folder;
  LogSinks sinks;
  BOOST_CHECK_GT(sinks.least(), 50);
  std::string errors, infos;
  sinks.add(40, [&](const LogRecord& r) { errors += r.text; });
  BOOST_CHECK_EQUAL(sinks.least(), 40);
  sinks.add(20, [&](const LogRecord& r) { infos += r.text; });
  sinks.add_file({folder / "a.log"}, "g");
  BOOST_CHECK_EQUAL(sinks.least(), 10);
  sinks.write(record(10, "d"));
  sinks.write(record(20, "i"));
  sinks.write(record(40, "e"));
  auto printed = record(10, "printed");
  printed.source = LogRecord::experiment_output;
  sinks.write(printed);
  BOOST_CHECK_EQUAL(errors, "e");
  BOOST_CHECK_EQUAL(infos, "ie");
  BOOST_CHECK(sinks.close().empty());
  const auto text = folder.read("a.log");
  for (const char* part :
       {"debug    g d\n", "info     g i\n", "error    g e\n"})
    BOOST_CHECK_MESSAGE(has(text, part), part);
  BOOST_CHECK(!has(text, "printed"));
  sinks.write(record(50, "nobody is there"));
  BOOST_CHECK_EQUAL(errors, "e");
}

BOOST_AUTO_TEST_CASE(all_arrive_in_order) {
  TemporaryDirectory folder;
  std::string expected;
  {
    LogSinks sinks;
    sinks.add_file({folder / "a.log"}, "g");
    for (int i = 0; i < 20'000; ++i) {
      sinks.write(record(20, std::to_string(i)));
      expected +=
          "2026-01-31T10:00:00.250Z info     g " + std::to_string(i) + '\n';
    }
  }
  BOOST_CHECK(folder.read("a.log") == expected);
}

BOOST_AUTO_TEST_CASE(what_is_lost_is_told) {
  TemporaryDirectory folder;
  std::filesystem::create_symlink("/dev/full", folder / "a.log");
  LogSinks sinks;
  sinks.add_file({folder / "a.log"}, "g");
  for (int i = 0; i < 3; ++i) sinks.write(record(20, "x"));
  const auto told = sinks.close();
  BOOST_REQUIRE_EQUAL(told.size(), 1u);
  for (const auto& part :
       {std::string("3 records"), folder / "a.log", std::string("No space")})
    BOOST_CHECK_MESSAGE(has(told[0], part), told[0]);
}

BOOST_AUTO_TEST_CASE(what_waits_for_somebody_slow) {
  Backlog backlog(10);
  BOOST_CHECK(backlog.empty());
  BOOST_CHECK(backlog.has_room());
  BOOST_CHECK(backlog.add(10));
  BOOST_CHECK(!backlog.has_room());
  BOOST_CHECK(backlog.add(10));  // a bit more fits, for who did not ask
  BOOST_CHECK(!backlog.add(1));
  BOOST_CHECK_EQUAL(backlog.left_out(), 1u);
  backlog.add_always(5);
  BOOST_CHECK_EQUAL(backlog.waiting(), 25u);
  backlog.remove(20);
  BOOST_CHECK(backlog.has_room());
  BOOST_CHECK(!backlog.stuck());
  backlog.remove(5);
  BOOST_CHECK(backlog.empty());
}

BOOST_AUTO_TEST_SUITE_END()
