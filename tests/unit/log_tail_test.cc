#include "log_tail.h"

#include <fstream>

#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(log_tail)

namespace {

const std::string time = "2026-01-31T10:00:00.250Z ";

struct Followed {
  void append(const std::string& text, const char* name = "log.txt") const {
    std::ofstream(folder / name, std::ios::app) << text;
  }
  std::string shown() { return std::exchange(shown_, ""); }

  TemporaryDirectory folder;
  std::string shown_;
  LogTail tail{
      30, [this](const std::string& name, int level, const std::string& text) {
        shown_ += name + ':' + std::to_string(level) + ':' + text + '|';
      }};
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(records_at_or_above_the_level, Followed) {
  tail.add("a", folder / "log.txt");
  append(time + "debug    no\n" + time + "info     no\n" + time +
         "warning  look out\n" + time + "error    oh\n" + time +
         "critical  no!\n");
  tail.poll();
  BOOST_CHECK_EQUAL(shown(), "a:30:look out|a:40:oh|a:50:no!|");
  tail.poll();
  BOOST_CHECK_EQUAL(shown(), "");
}

BOOST_FIXTURE_TEST_CASE(further_lines_belong_to_their_record, Followed) {
  tail.add("a", folder / "log.txt");
  append(time + "error    one\n    two\n    three\n" + time +
         "info     quiet\n    also quiet\n");
  tail.poll();
  BOOST_CHECK_EQUAL(shown(), "a:40:one|a:40:    two|a:40:    three|");
}

BOOST_FIXTURE_TEST_CASE(lines_are_shown_when_complete, Followed) {
  tail.add("a", folder / "log.txt");
  const auto line = time + "warning  slowly\n";
  for (const char c : line) {
    BOOST_CHECK_EQUAL(shown(), "");
    append(std::string(1, c));
    tail.poll();
  }
  BOOST_CHECK_EQUAL(shown(), "a:30:slowly|");
}

BOOST_FIXTURE_TEST_CASE(the_rest_is_shown_at_the_end, Followed) {
  tail.add("a", folder / "log.txt");
  append(time + "warning  cut");
  tail.poll();
  BOOST_CHECK_EQUAL(shown(), "");
  append(" off");
  tail.finish("a");
  BOOST_CHECK_EQUAL(shown(), "a:30:cut off|");
  append("\n" + time + "error    later\n");
  tail.poll();
  tail.finish("a");
  tail.finish("never added");
  BOOST_CHECK_EQUAL(shown(), "");
}

BOOST_FIXTURE_TEST_CASE(several_files_that_come_later, Followed) {
  tail.add("a", folder / "a.txt");
  tail.add("b", folder / "b.txt");
  tail.poll();
  append(time + "error    of b\n", "b.txt");
  tail.poll();
  append(time + "error    of a\n", "a.txt");
  append(time + "error    again\n", "b.txt");
  tail.poll();
  BOOST_CHECK_EQUAL(shown(), "b:40:of b|a:40:of a|b:40:again|");
}

BOOST_FIXTURE_TEST_CASE(long_lines_and_odd_ones, Followed) {
  tail.add("a", folder / "log.txt");
  const std::string text(100'000, 'x');
  append("\nshort\n" + std::string(40, 'x') + "\n" + time + "error    " + text +
         "\n" + time + "error    \n" + time + "strange  x\n");
  tail.poll();
  BOOST_CHECK_EQUAL(shown(), "a:40:" + text + "|a:40:|");
}

// A second attempt writes a new file under the same name.
BOOST_FIXTURE_TEST_CASE(another_attempt, Followed) {
  tail.add("a", folder / "log.txt");
  append(time + "error    first\n");
  tail.finish("a");
  std::ofstream(folder / "log.txt") << time + "error    second\n";
  tail.add("a", folder / "log.txt");
  tail.poll();
  BOOST_CHECK_EQUAL(shown(), "a:40:first|a:40:second|");
}

BOOST_AUTO_TEST_SUITE_END()
