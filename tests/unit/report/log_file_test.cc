#include "report/log_file.h"

#include <sys/stat.h>

#include <filesystem>
#include <system_error>

#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(report_log_file)

namespace {

using Names = std::vector<std::string>;

LogRecord record(const std::string& text) {
  LogRecord out;
  out.time = "2026-01-31T10:00:00.250Z";
  out.text = text;
  return out;
}

// 100 bytes in a file of the group "g".
LogRecord long_record(char c) {
  return record(std::string(100 - 37, c));
}

}  // namespace

BOOST_AUTO_TEST_CASE(lines_are_added) {
  TemporaryDirectory folder;
  folder.write("a/b.log", "before\n");
  LogFile file({folder / "a/b.log"}, "g");
  file.write(record("one"));
  file.write(record("two"));
  BOOST_CHECK_EQUAL(folder.read("a/b.log"),
                    "before\n2026-01-31T10:00:00.250Z info     g one\n"
                    "2026-01-31T10:00:00.250Z info     g two\n");
  BOOST_CHECK_EQUAL(file.lost(), 0u);
}

BOOST_AUTO_TEST_CASE(folders_are_made) {
  TemporaryDirectory folder;
  LogFile file({folder / "new/folder/a.jsonl"}, "g");
  file.write(record("one"));
  BOOST_CHECK_EQUAL(folder.read("new/folder/a.jsonl"),
                    R"({"time":"2026-01-31T10:00:00.250Z","level":"info",)"
                    R"("group":"g","text":"one"})"
                    "\n");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_opened) {
  TemporaryDirectory folder;
  folder.write("plain", "");
  BOOST_CHECK_THROW(LogFile({folder / "plain/a.log"}, "g"), std::system_error);
  BOOST_CHECK_EXCEPTION(
      LogFile({folder.path()}, "g"), std::system_error,
      [&](const auto& e) { return has(e.what(), folder.path()); });
}

BOOST_AUTO_TEST_CASE(a_pipe_that_nobody_reads) {
  TemporaryDirectory folder;
  BOOST_REQUIRE_EQUAL(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  BOOST_CHECK_THROW(LogFile({folder / "pipe"}, "g"), std::system_error);
}

BOOST_AUTO_TEST_CASE(rotation) {
  TemporaryDirectory folder;
  LogFile file({folder / "a.log", 250e-6, 3}, "g");
  for (const char c : std::string("abcdefgh")) file.write(long_record(c));
  BOOST_TEST(folder.list() == (Names{"a.log", "a.log.1", "a.log.2"}));
  const auto ends = [&](const char* name) {
    const auto text = folder.read(name);
    BOOST_CHECK_EQUAL(text.size(), 200u);
    return std::string{text[98], text[198]};
  };
  BOOST_CHECK_EQUAL(ends("a.log"), "gh");
  BOOST_CHECK_EQUAL(ends("a.log.1"), "ef");
  BOOST_CHECK_EQUAL(ends("a.log.2"), "cd");
}

BOOST_AUTO_TEST_CASE(one_file_alone) {
  TemporaryDirectory folder;
  LogFile file({folder / "a.log", 150e-6, 1}, "g");
  for (const char c : std::string("abc")) file.write(long_record(c));
  BOOST_TEST(folder.list() == Names{"a.log"});
  BOOST_CHECK_EQUAL(folder.read("a.log").size(), 100u);
  BOOST_CHECK_EQUAL(folder.read("a.log")[98], 'c');
}

BOOST_AUTO_TEST_CASE(a_file_that_was_there_counts) {
  TemporaryDirectory folder;
  folder.write("a.log", std::string(99, 'x') + '\n');
  LogFile file({folder / "a.log", 150e-6, 2}, "g");
  file.write(long_record('a'));
  BOOST_CHECK_EQUAL(folder.read("a.log.1").size(), 100u);
}

BOOST_AUTO_TEST_CASE(a_record_larger_than_the_file) {
  TemporaryDirectory folder;
  LogFile file({folder / "a.log", 50e-6, 2}, "g");
  file.write(long_record('a'));
  BOOST_CHECK_EQUAL(folder.read("a.log").size(), 100u);
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_counted) {
  TemporaryDirectory folder;
  std::filesystem::create_symlink("/dev/full", folder / "a.log");
  LogFile file({folder / "a.log"}, "g");
  file.write(record("one"));
  file.write(record("two"));
  BOOST_CHECK_EQUAL(file.lost(), 2u);
  BOOST_CHECK_EQUAL(file.why(), "No space left on device");
}

// What one has begun, the other, which has not looked since, must not move
// away.
BOOST_AUTO_TEST_CASE(two_that_rotate_one_file) {
  TemporaryDirectory folder;
  const LogFileSettings settings{folder / "a.log", 0.001, 5};
  LogFile one(settings, "g"), other(settings, "g");
  for (int i = 0; i < 9; ++i) other.write(long_record('2'));
  for (int i = 0; i < 2; ++i) one.write(long_record('1'));
  BOOST_CHECK_EQUAL(folder.read("a.log").size(), 100u);
  for (int i = 0; i < 2; ++i) other.write(long_record('2'));
  BOOST_CHECK(!std::filesystem::exists(folder / "a.log.2"));
}

BOOST_AUTO_TEST_SUITE_END()
