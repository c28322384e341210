#include "leaf/clean.h"

#include <filesystem>

#include "support.h"

using namespace eh::host;
using namespace eh::host::test;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(leaf_clean)

namespace {

struct Results {
  Results() {
    verdict("main/done", "ok");
    verdict("main/failed", "crashed");
    verdict("main/stopped", "stopped");
    folder.write("main/begun/log.txt", "1234");
    verdict("main/running", "failed");
    other.heartbeat();
    other.acquire("main/running");
  }
  void verdict(const std::string& leaf, const std::string& status) const {
    folder.write(leaf + "/eh.json",
                 R"({"status":")" + status + R"(","seconds":1,"attempt":2})");
    folder.write(leaf + "/.eh/attempts/1/log.txt", "old");
  }
  // What is left of the leaves.
  Texts remove(const CleanWanted& wanted) {
    Cleaner cleaner(tree, wanted);
    mine.heartbeat();
    removed = {};
    for (const auto* leaf : leaves) {
      const auto found = cleaner.find(leaf, mine).use;
      const auto use = cleaner.remove(leaf, mine);
      BOOST_CHECK_EQUAL(found.has_value(), use.has_value());
      if (use) {
        BOOST_CHECK_EQUAL(found->files, use->files);
        BOOST_CHECK_EQUAL(found->bytes, use->bytes);
        removed += *use;
      }
    }
    return folder.list("main");
  }

  static constexpr const char* leaves[] = {"main/done",    "main/failed",
                                           "main/stopped", "main/begun",
                                           "main/running", "main/none"};
  TemporaryDirectory folder;
  ResultTree tree{folder.path(), {}, true};
  Leases mine{tree.fd(), Owner::self("run-1")};
  Leases other{tree.fd(), Owner::self("run-2")};
  DiskUse removed;
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(by_state, Results) {
  BOOST_TEST(remove({.failed = true}) ==
             (Texts{"begun", "done", "running", "stopped"}));
  BOOST_CHECK_EQUAL(removed.files, 2u);
  BOOST_TEST(remove({.unfinished = true}) == (Texts{"done", "running"}));
  BOOST_TEST(remove({.done = true}) == Texts{"running"});
  BOOST_TEST(remove({.done = true, .failed = true, .unfinished = true}) ==
             Texts{"running"});
  BOOST_CHECK(folder.exists("main/running/eh.json"));
}

BOOST_FIXTURE_TEST_CASE(earlier_attempts, Results) {
  remove({.attempts = true});
  BOOST_CHECK_EQUAL(removed.files, 3u);
  BOOST_CHECK_EQUAL(removed.bytes, 9u);
  BOOST_TEST(folder.list("main/done") == Texts{"eh.json"});
  BOOST_CHECK(folder.exists("main/running/.eh/attempts/1/log.txt"));
}

BOOST_FIXTURE_TEST_CASE(by_age, Results) {
  const double now = static_cast<double>(::time(nullptr));
  set_changed(folder / "main/failed/eh.json", -1000);
  set_changed(folder / "main/failed/.eh", -1000);
  set_changed(folder / "main/failed", -1000);
  set_changed(folder / "main/stopped/eh.json", -1000);
  set_changed(folder / "main/stopped/.eh", -10);  // an attempt was moved there
  const auto left =
      remove({.failed = true, .unfinished = true, .before = now - 500});
  BOOST_TEST(left == (Texts{"begun", "done", "running", "stopped"}));
}

BOOST_FIXTURE_TEST_CASE(attempts_by_age, Results) {
  const double now = static_cast<double>(::time(nullptr));
  folder.write("main/done/.eh/attempts/2/log.txt", "newer");
  set_changed(folder / "main/done/.eh/attempts/1/log.txt", -1000);
  remove({.attempts = true, .before = now - 500});
  BOOST_TEST(folder.list("main/done/.eh/attempts") == Texts{"2"});
}

// What another host did since the leaf was looked at counts.
BOOST_FIXTURE_TEST_CASE(looked_at_under_the_lease, Results) {
  Cleaner cleaner(tree, {.failed = true});
  BOOST_CHECK(cleaner.find("main/failed", mine).use);
  verdict("main/failed", "ok");
  BOOST_CHECK(!cleaner.remove("main/failed", mine));
  BOOST_CHECK(folder.exists("main/failed/eh.json"));
  BOOST_CHECK(!mine.holder("main/failed").exists());
}

BOOST_FIXTURE_TEST_CASE(others_inside_are_not_removed, Results) {
  verdict("main/failed/inner", "ok");
  Cleaner cleaner(tree, {.failed = true});
  BOOST_CHECK_THROW(cleaner.remove("main/failed", mine), std::system_error);
  BOOST_CHECK(folder.exists("main/failed/eh.json"));
  BOOST_CHECK(!mine.holder("main/failed").exists());
}

BOOST_FIXTURE_TEST_CASE(links_are_not_followed, Results) {
  folder.write("elsewhere/big.bin", std::string(10'000, 'x'));
  std::filesystem::create_directory_symlink("../../elsewhere",
                                            folder / "main/failed/link");
  remove({.failed = true});
  BOOST_CHECK(removed.bytes < 1000);
  BOOST_CHECK(folder.exists("elsewhere/big.bin"));
}

BOOST_AUTO_TEST_SUITE_END()
