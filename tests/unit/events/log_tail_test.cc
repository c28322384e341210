#include "events/log_tail.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(events_log_tail)

namespace {

const std::string time = "2026-01-31T10:00:00.250Z ";

struct Followed {
  void append(const std::string& text, const std::string& leaf = "a",
              const std::string& file = "log.txt") const {
    std::filesystem::create_directories(folder / leaf);
    std::ofstream(folder / (leaf + '/' + file), std::ios::app) << text;
  }
  std::string shown() { return std::exchange(shown_, ""); }
  LogTail tail_of(LogTailOptions options) {
    return {std::move(options), [this](const LogRecord& record) {
              shown_ +=
                  record.experiment + ':' + level_name(record.level) +
                  (record.source == LogRecord::experiment_output ? " printed:"
                                                                 : ":") +
                  record.text + '|';
            }};
  }

  TemporaryDirectory folder;
  std::string shown_;
  LogTail tail = tail_of({});
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(records_at_or_above_the_level, Followed) {
  tail.add("a", folder / "a");
  append(time + "debug    no\n" + time + "info     no\n" + time +
         "warning  look out\n" + time + "error    oh\n" + time +
         "critical  no!\n");
  tail.poll();
  BOOST_CHECK_EQUAL(shown(), "a:warning:look out|a:error:oh|a:critical:no!|");
  tail.poll();
  BOOST_CHECK_EQUAL(shown(), "");
}

BOOST_FIXTURE_TEST_CASE(the_rest_is_taken_at_the_end, Followed) {
  tail.add("a", folder / "a");
  append(time + "warning  cut");
  tail.poll();
  BOOST_CHECK_EQUAL(shown(), "");
  append(" off");
  tail.finish("a");
  BOOST_CHECK_EQUAL(shown(), "a:warning:cut off|");
  append("\n" + time + "error    later\n");
  tail.poll();
  tail.finish("a");
  tail.finish("never added");
  BOOST_CHECK_EQUAL(shown(), "");
}

BOOST_FIXTURE_TEST_CASE(several_files_that_come_later, Followed) {
  tail.add("a", folder / "a");
  tail.add("b", folder / "b");
  tail.poll();
  append(time + "error    of b\n", "b");
  tail.poll();
  append(time + "error    of a\n", "a");
  append(time + "error    again\n", "b");
  tail.poll();
  BOOST_CHECK_EQUAL(shown(), "b:error:of b|a:error:of a|b:error:again|");
}

// A second attempt writes a new file under the same name.
BOOST_FIXTURE_TEST_CASE(another_attempt, Followed) {
  tail.add("a", folder / "a");
  append(time + "error    first\n");
  tail.finish("a");
  std::filesystem::remove(folder / "a/log.txt");
  append(time + "error    second\n");
  tail.add("a", folder / "a");
  tail.poll();
  BOOST_CHECK_EQUAL(shown(), "a:error:first|a:error:second|");
}

BOOST_FIXTURE_TEST_CASE(what_is_printed, Followed) {
  append("early\n", "a", "output.txt");
  tail.add("a", folder / "a");
  tail.poll();
  tail.finish("a");
  BOOST_CHECK_EQUAL(shown(), "");
  LogTailOptions options;
  options.output = true;
  auto all = tail_of(options);
  all.add("a", folder / "a");
  append("10 %\r20 %\r\nno end", "a", "output.txt");
  all.poll();
  BOOST_CHECK_EQUAL(shown(), "a:debug printed:early|a:debug printed:20 %|");
  all.finish("a");
  BOOST_CHECK_EQUAL(shown(), "a:debug printed:no end|");
}

// Who is slow gets it later, and whole, also of an attempt whose files were
// moved away meanwhile.
BOOST_FIXTURE_TEST_CASE(who_has_no_room_gets_it_later, Followed) {
  bool room = false;
  LogTailOptions options;
  options.has_room = [&] { return room; };
  auto slow = tail_of(options);
  slow.add("a", folder / "a");
  append(time + "error    one\n" + time + "error    two\n");
  slow.poll();
  BOOST_CHECK_EQUAL(shown(), "");
  slow.finish("a", true);
  BOOST_CHECK(!slow.settled());
  std::filesystem::rename(folder / "a", folder / "earlier");
  slow.poll();
  BOOST_CHECK_EQUAL(shown(), "");
  room = true;
  slow.poll();
  BOOST_CHECK_EQUAL(shown(), "a:error:one|a:error:two|");
  BOOST_CHECK(slow.settled());
}

// However many run, or have ended and wait to be read.
BOOST_FIXTURE_TEST_CASE(few_files_are_open, Followed) {
  const auto open = [] {
    const std::filesystem::directory_iterator files("/proc/self/fd");
    return std::distance(begin(files), end(files));
  };
  const auto before = open();
  bool room = true;
  LogTailOptions options;
  options.has_room = [&] { return room; };
  auto slow = tail_of(options);
  for (int i = 0; i < 500; ++i) {
    const auto name = std::to_string(i);
    append(time + "error    one\n", name);
    slow.add(name, folder / name);
  }
  slow.poll();
  BOOST_CHECK_LT(open(), before + 210);
  BOOST_CHECK(has(shown(), "499:error:one|"));
  room = false;
  for (int i = 0; i < 500; ++i) {
    append(time + "error    two\n", std::to_string(i));
    slow.finish(std::to_string(i));
  }
  BOOST_CHECK_LT(open(), before + 210);
  room = true;
  slow.poll();
  const auto all = shown();
  BOOST_CHECK_EQUAL(std::count(all.begin(), all.end(), '|'), 500);
  BOOST_CHECK(!has(all, "one"));
  BOOST_CHECK(slow.settled());
}

// It could be written faster than it is read.
BOOST_FIXTURE_TEST_CASE(none_is_read_without_an_end, Followed) {
  const std::string line = time + "error    " + std::string(1000, 'x') + '\n';
  std::string much;
  while (much.size() < (3 << 20)) much += line;
  tail.add("a", folder / "a");
  append(much);
  append(time + "error    of b\n", "b");
  tail.add("b", folder / "b");
  tail.poll();
  const auto first = shown();
  BOOST_CHECK(has(first, "b:error:of b"));
  BOOST_CHECK_LT(first.size(), 2u << 20);
  tail.finish("a");
  BOOST_CHECK(!tail.settled());
  auto all = first + shown();
  while (!tail.settled()) tail.poll();
  all += shown();
  BOOST_CHECK_EQUAL(std::count(all.begin(), all.end(), '|'),
                    static_cast<long>(much.size() / line.size() + 1));
}

BOOST_AUTO_TEST_SUITE_END()
