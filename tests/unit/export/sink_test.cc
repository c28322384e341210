#include "export/sink.h"

#include <sys/stat.h>

#include <filesystem>

#include "data/codec.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(export_sink)

BOOST_FIXTURE_TEST_CASE(whole_or_not_at_all, TemporaryDirectory) {
  write("t.csv", "before");
  {
    TextSink sink(*this / "t.csv");
    sink.write(std::string(1'000'000, 'x'));
  }
  BOOST_CHECK_EQUAL(read("t.csv"), "before");
  BOOST_TEST(list() == Texts{"t.csv"});
  BOOST_CHECK_EXCEPTION(TextSink(*this / "none/t.csv"), Error,
                        error_with(exit_write, {"none/t.csv", "No such file"}));
  std::filesystem::create_symlink("/dev/full", *this / "full.csv");
  auto fill = [&] {
    TextSink sink(*this / "full.csv");
    sink.write("x");
    sink.finish();
  };
  BOOST_CHECK_EXCEPTION(fill(), Error,
                        error_with(exit_write, {"No space left on device"}));
}

BOOST_FIXTURE_TEST_CASE(mode, TemporaryDirectory) {
  const auto before = ::umask(027);
  TextSink sink(*this / "t.csv");
  ::umask(before);
  sink.finish();
  struct stat info;
  BOOST_REQUIRE_EQUAL(::stat((*this / "t.csv").c_str(), &info), 0);
  BOOST_CHECK_EQUAL(info.st_mode & 0777, 0640u);
}

BOOST_FIXTURE_TEST_CASE(what_was_there, TemporaryDirectory) {
  namespace fs = std::filesystem;
  const fs::path base = path();
  fs::create_directory(base / "there");
  write("there/t.csv", "old");
  fs::permissions(base / "there/t.csv", fs::perms{0600});
  fs::create_symlink("there/t.csv", base / "t.csv");
  TextSink sink(*this / "t.csv");
  sink.write("new");
  sink.finish();
  BOOST_TEST(fs::is_symlink(base / "t.csv"));
  BOOST_TEST(read("there/t.csv") == "new");
  BOOST_CHECK(fs::status(base / "t.csv").permissions() == fs::perms{0600});
  fs::create_symlink("circle.csv", base / "circle.csv");
  BOOST_CHECK_EXCEPTION(TextSink(*this / "circle.csv"), Error,
                        error_with(exit_write, {"Too many levels"}));
}

BOOST_FIXTURE_TEST_CASE(compressed, TemporaryDirectory) {
  const std::string text(1'000'000, 'x');
  for (const std::string codec : {".gz", ".zst", ".xz", ".bz2"}) {
    TextSink sink(*this / "t.csv" + codec);
    sink.write(text);
    sink.finish();
    const auto bytes = read("t.csv" + codec);
    BOOST_CHECK_LT(bytes.size(), 10'000u);
    BOOST_CHECK(decompressed(codec, bytes) == text);
  }
}

// Of processes that were killed, where all files have names.
BOOST_FIXTURE_TEST_CASE(leftovers, TemporaryDirectory) {
  constexpr double hours = 3600;
  for (const char* name : {".t.csv.eh-tmp-1", ".t.csv.eh-tmp-2",
                           ".other.csv.eh-tmp-1", "t.csv.eh-tmp-1"}) {
    write(name, "");
    set_changed(*this / name, -25 * hours);
  }
  write(".t.csv.eh-tmp-3", "of one that goes on");
  TextSink sink(*this / "t.csv");
  sink.finish();
  BOOST_TEST(list() == (Texts{".other.csv.eh-tmp-1", ".t.csv.eh-tmp-3", "t.csv",
                              "t.csv.eh-tmp-1"}));
}

BOOST_AUTO_TEST_SUITE_END()
