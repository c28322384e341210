#include "journal.h"

#include <fcntl.h>

#include <filesystem>

#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(journal)

namespace {

struct Tree {
  Tree() {
    std::filesystem::create_directory(folder / ".eh");
    fd = Fd(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY));
  }
  // A leaf that was done a while ago, so that a later change shows whatever
  // the file system's clock ticks in.
  void leaf(const std::string& name) const {
    folder.write(name + "/eh.json", R"({"status":"ok","seconds":1})");
    set_changed(folder / name, -1000);
  }
  bool known(const std::string& name) const {
    return DoneIndex(fd.get()).contains(name);
  }

  TemporaryDirectory folder;
  Fd fd;
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(what_was_done_is_known, Tree) {
  leaf("main/a");
  leaf("main/b/c=1");
  leaf("main/other");
  Journal journal(fd.get());
  journal.done("main/a");
  journal.done("main/b/c=1");
  const DoneIndex index(fd.get());
  BOOST_CHECK_EQUAL(index.size(), 2u);
  BOOST_CHECK(index.contains("main/a"));
  BOOST_CHECK(index.contains("main/b/c=1"));
  BOOST_CHECK(!index.contains("main/other"));
  BOOST_CHECK(!index.contains("main"));
  BOOST_CHECK(!index.contains(""));
}

BOOST_FIXTURE_TEST_CASE(no_journal_knows_nothing, Tree) {
  BOOST_CHECK_EQUAL(DoneIndex(fd.get()).size(), 0u);
  folder.write(journal_path, "");
  BOOST_CHECK_EQUAL(DoneIndex(fd.get()).size(), 0u);
}

BOOST_FIXTURE_TEST_CASE(a_deleted_verdict_counts_no_more, Tree) {
  leaf("main/a");
  Journal(fd.get()).done("main/a");
  BOOST_REQUIRE(known("main/a"));
  std::filesystem::remove(folder / "main/a/eh.json");
  BOOST_CHECK(!known("main/a"));
}

BOOST_FIXTURE_TEST_CASE(a_replaced_verdict_is_looked_at, Tree) {
  leaf("main/a");
  Journal(fd.get()).done("main/a");
  folder.write("main/a/new", "{}");
  std::filesystem::rename(folder / "main/a/new", folder / "main/a/eh.json");
  BOOST_CHECK(!known("main/a"));
}

BOOST_FIXTURE_TEST_CASE(a_deleted_leaf_counts_no_more, Tree) {
  leaf("main/a");
  Journal(fd.get()).done("main/a");
  std::filesystem::remove_all(folder / "main/a");
  BOOST_CHECK(!known("main/a"));
}

BOOST_FIXTURE_TEST_CASE(the_last_entry_wins, Tree) {
  leaf("main/a");
  Journal journal(fd.get());
  journal.done("main/a");
  set_changed(folder / "main/a", -500);
  BOOST_CHECK(!known("main/a"));
  journal.done("main/a");
  BOOST_CHECK(known("main/a"));
}

BOOST_FIXTURE_TEST_CASE(torn_lines_are_left_out, Tree) {
  for (const auto* name : {"main/a", "main/b"}) leaf(name);
  Journal(fd.get()).done("main/a");
  const auto line = folder.read(journal_path);
  for (std::size_t n = 0; n < line.size(); ++n) {
    folder.write(journal_path, line.substr(0, n));
    BOOST_CHECK_MESSAGE(!known("main/a"), n);
    // What another host appends to it later.
    Journal(fd.get()).done("main/b");
    BOOST_CHECK_MESSAGE(!known("main/a"), n);
    Journal(fd.get()).done("main/a");
    BOOST_CHECK_MESSAGE(known("main/a"), n);
  }
}

BOOST_FIXTURE_TEST_CASE(foreign_lines_are_left_out, Tree) {
  leaf("main/a");
  Journal(fd.get()).done("main/a");
  const auto line = folder.read(journal_path);
  folder.write(journal_path,
               "\n\nhello\n{\"v\":2,\"changed\":1,\"done\":\"main/b\"}\n"
               "{\"v\":1,\"changed\":\"x\",\"done\":\"main/b\"}\n" +
                   line);
  const DoneIndex index(fd.get());
  BOOST_CHECK_EQUAL(index.size(), 1u);
  BOOST_CHECK(index.contains("main/a"));
}

// A name that has to be escaped is looked at, or known; never mistaken.
BOOST_FIXTURE_TEST_CASE(odd_names, Tree) {
  const std::string odd = "main/a\"b";
  leaf(odd);
  leaf("main/caf\xc3\xa9 {x}");
  Journal journal(fd.get());
  journal.done(odd);
  journal.done("main/caf\xc3\xa9 {x}");
  const auto text = folder.read(journal_path);
  boost::json::parse(text.substr(0, text.find('\n')));
  BOOST_CHECK(known("main/caf\xc3\xa9 {x}"));
  BOOST_CHECK(!known("main/a\\\"b"));
  std::filesystem::remove(folder / odd + "/eh.json");
  BOOST_CHECK(!known(odd));
}

BOOST_AUTO_TEST_CASE(it_is_only_a_help) {
  const TemporaryDirectory folder;  // without .eh: nothing can be written
  folder.write("main/a/eh.json", "{}");
  const Fd fd(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY));
  Journal(fd.get()).done("main/a");
  Journal(fd.get()).done("main/missing");
  BOOST_CHECK_EQUAL(DoneIndex(fd.get()).size(), 0u);
  folder.write(".eh/journal.jsonl/x", "a folder");
  BOOST_CHECK_EQUAL(DoneIndex(fd.get()).size(), 0u);
}

BOOST_AUTO_TEST_SUITE_END()
