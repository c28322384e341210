#include "events/log_text.h"

#include <boost/json.hpp>

#include "base/shortened.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(events_log_text)

namespace {

const std::string time = "2026-01-31T10:00:00.250Z ";

struct Taken {
  TakeRecord take = [this](const LogRecord& record) {
    last = record;
    all += std::string(level_name(record.level)) + ':' + record.text + '|';
  };
  std::string taken() { return std::exchange(all, ""); }
  // All that is there for now.
  void read(std::string_view bytes) {
    reader.read(bytes, take);
    reader.pause(take);
  }

  LogReader reader{"s/1", 10};
  LogRecord last;
  std::string all;
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(all_that_a_record_says, Taken) {
  read(time + "warning  [4711 queue.cc:12] look out\n");
  BOOST_CHECK_EQUAL(taken(), "warning:look out|");
  BOOST_CHECK(last.source == LogRecord::experiment_log);
  BOOST_CHECK_EQUAL(last.time + ' ', time);
  BOOST_CHECK_EQUAL(last.experiment, "s/1");
  BOOST_CHECK_EQUAL(last.process, 4711);
  BOOST_CHECK_EQUAL(last.file, "queue.cc");
  BOOST_CHECK_EQUAL(last.line, 12u);
  read(time + "info     [4712] [no] place\n");
  BOOST_CHECK_EQUAL(taken(), "info:[no] place|");
  BOOST_CHECK_EQUAL(last.process, 4712);
  BOOST_CHECK_EQUAL(last.file, "");
  BOOST_CHECK_EQUAL(last.line, 0u);
}

// Logs of eh 0.1.0 before records told their process.
BOOST_FIXTURE_TEST_CASE(records_without_a_place, Taken) {
  read(time + "info     plain\n" + time + "info     [a] b\n" + time +
       "error    [12a] b\n");
  BOOST_CHECK_EQUAL(taken(), "info:plain|info:[a] b|error:[12a] b|");
  BOOST_CHECK_EQUAL(last.process, 0);
}

BOOST_FIXTURE_TEST_CASE(further_lines_belong_to_their_record, Taken) {
  reader = LogReader("s/1", 30);
  read(time + "error    [1] one\n    two\n    three\n" + time +
       "info     [1] quiet\n    also quiet\n");
  BOOST_CHECK_EQUAL(taken(), "error:one\ntwo\nthree|");
}

BOOST_FIXTURE_TEST_CASE(however_the_bytes_come, Taken) {
  const auto text = time + "warning  [1 q.cc:2] slowly\n";
  for (const char c : text) {
    BOOST_CHECK_EQUAL(taken(), "");
    read({&c, 1});
  }
  BOOST_CHECK_EQUAL(taken(), "warning:slowly|");
  // Lines that were late are not lost.
  read("    and more\n");
  BOOST_CHECK_EQUAL(taken(), "warning:and more|");
  BOOST_CHECK_EQUAL(last.line, 2u);
}

// Where one read(2) ended says nothing about records.
BOOST_FIXTURE_TEST_CASE(bytes_that_end_within_a_record, Taken) {
  reader.read(time + "error    [1] one\n", take);
  reader.read("    two\n", take);
  BOOST_CHECK_EQUAL(taken(), "");
  reader.pause(take);
  BOOST_CHECK_EQUAL(taken(), "error:one\ntwo|");
}

BOOST_FIXTURE_TEST_CASE(the_end_of_a_file, Taken) {
  read(time + "warning  [1] cut");
  BOOST_CHECK_EQUAL(taken(), "");
  reader.end(take);
  BOOST_CHECK_EQUAL(taken(), "warning:cut|");
  reader.end(take);
  BOOST_CHECK_EQUAL(taken(), "");
}

BOOST_FIXTURE_TEST_CASE(long_records_and_odd_ones, Taken) {
  const std::string text(100'000, 'x');
  read(time + "error    [1] " + text + "\n" + time + "error    [1] \n" + time +
       "error    \n");
  BOOST_CHECK_EQUAL(taken(), "error:" + text + "|error:|error:|");
  // What somebody else wrote there.
  read("short\n" + time + "strange  x\n");
  BOOST_CHECK_EQUAL(taken(), "error:short|error:" + time + "strange  x|");
}

// The time to read one must not grow with the square of its size: with that,
// this would take hours.
BOOST_FIXTURE_TEST_CASE(a_record_of_many_lines, Taken) {
  std::string bytes = time + "error    [1] x\n", text = "x";
  while (text.size() < (16 << 20)) {
    bytes += "    y\n";
    text += "\ny";
  }
  read(bytes);
  const auto whole = taken();
  BOOST_CHECK(whole.starts_with("error:" + text.substr(0, longest_record)));
  BOOST_CHECK(whole.ends_with(
      more_text(text.size() - longest_record, "log.txt") + '|'));
}

BOOST_FIXTURE_TEST_CASE(output, Taken) {
  OutputReader printed("s/1");
  printed.read("one\ntwo", take);
  BOOST_CHECK_EQUAL(taken(), "debug:one|");
  BOOST_CHECK(last.source == LogRecord::experiment_output);
  printed.read(" more\r\n10 %\r20 %\n\n", take);
  BOOST_CHECK_EQUAL(taken(), "debug:two more|debug:20 %|debug:|");
  // Not all of a file without newlines is kept.
  printed.read(std::string(100'000, 'x'), take);
  BOOST_CHECK(!taken().empty());
  printed.end(take);
  BOOST_CHECK_EQUAL(taken(), "");
}

BOOST_AUTO_TEST_CASE(lines_of_log_files) {
  LogRecord record;
  record.time = "2026-01-31T10:00:00.250Z";
  record.level = 40;
  record.experiment = "s/1";
  record.process = 4711;
  record.file = "q.cc";
  record.line = 12;
  record.text = "one\ntwo\x1b";
  BOOST_CHECK_EQUAL(log_line(record, "main"),
                    time +
                        "error    main/s/1 [4711 q.cc:12] one\n"
                        "    two\\x1b\n");
  const auto o =
      boost::json::parse('{' + log_members(record, "main") + '}').as_object();
  BOOST_CHECK_EQUAL(o.at("time").as_string(), record.time);
  BOOST_CHECK_EQUAL(o.at("level").as_string(), "error");
  BOOST_CHECK_EQUAL(o.at("group").as_string(), "main");
  BOOST_CHECK_EQUAL(o.at("experiment").as_string(), "s/1");
  BOOST_CHECK_EQUAL(o.at("process").as_int64(), 4711);
  BOOST_CHECK_EQUAL(o.at("file").as_string(), "q.cc");
  BOOST_CHECK_EQUAL(o.at("line").as_int64(), 12);
  BOOST_CHECK_EQUAL(o.at("text").as_string(), record.text);
  record = {};
  record.time = "2026-01-31T10:00:00.250Z";
  record.text = "done";
  BOOST_CHECK_EQUAL(log_line(record, "main"), time + "info     main done\n");
  BOOST_CHECK_EQUAL(log_members(record, "main"),
                    R"("time":"2026-01-31T10:00:00.250Z","level":"info",)"
                    R"("group":"main","text":"done")");
}

BOOST_FIXTURE_TEST_CASE(what_is_too_long_is_cut, Taken) {
  const std::string part(16'000, 'x');
  const auto rest = [](std::size_t bytes) {
    return more_text(bytes, "log.txt") + '|';
  };
  // A line, which never is in the memory as a whole.
  read(time + "warning  [4711 queue.cc:12] ");
  for (int i = 0; i < 100; ++i) read(part);
  BOOST_CHECK_EQUAL(all, "");
  read("\n" + time + "info     next\n");
  const auto seen = taken();
  BOOST_CHECK_LT(seen.size(), longest_record + 100);
  BOOST_CHECK(seen.starts_with("warning:xxx"));
  BOOST_CHECK(seen.ends_with(rest(1'600'000 - longest_record) + "info:next|"));
  // A record of many lines.
  reader.read(time + "error    a\n", take);
  for (int i = 0; i < 100; ++i) reader.read("    " + part + '\n', take);
  reader.pause(take);
  BOOST_CHECK(taken().ends_with(rest(1'600'101 - longest_record)));
  // One that ends in the middle.
  read(time + "error    ");
  for (int i = 0; i < 100; ++i) read(part);
  reader.end(take);
  BOOST_CHECK(taken().ends_with(rest(1'600'000 - longest_record)));
  read(time + "info     short again\n");
  BOOST_CHECK_EQUAL(taken(), "info:short again|");
}

BOOST_AUTO_TEST_SUITE_END()
