#include "leaf/leaf.h"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <system_error>

#include "base/utc_time.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(leaf_leaf)

namespace {

constexpr const char* leaf_name = "main/a";

constexpr const char* original = "experiment_helpers_metadata.json";

LeafRules with_verdict_file(const std::string& name) {
  LeafRules rules;
  rules.verdict_file = name;
  return rules;
}

struct Tree {
  explicit Tree(const LeafRules& rules = {})
      : tree(folder.path(), rules, true) {}
  void verdict(const std::string& status, unsigned attempt = 1) const {
    folder.write("main/a/" + tree.verdict_file(),
                 R"({"format":1,"status":")" + status +
                     R"(","seconds":1,"attempt":)" + std::to_string(attempt) +
                     "}");
  }
  LeafState look() const { return tree.look(leaf_name, leases); }
  ResultTree::Claim claim() { return tree.claim(leaf_name, leases); }

  TemporaryDirectory folder;
  ResultTree tree;
  Leases leases{tree.fd(), Owner::self("run-1")};
  Leases others{tree.fd(), Owner::self("run-2")};
};

struct Renamed : Tree {
  Renamed() : Tree(with_verdict_file("meta.json")) {}
};

struct Original : Tree {
  Original() : Tree(with_verdict_file(original)) {}
};

}  // namespace

BOOST_AUTO_TEST_CASE(the_output_directory) {
  const TemporaryDirectory folder;
  const ResultTree missing(folder / "results", {}, false);
  BOOST_CHECK_EQUAL(missing.fd(), -1);
  BOOST_CHECK(!missing.verdict("main/a"));
  BOOST_CHECK(!folder.exists("results"));
  const ResultTree made(folder / "a/./b/results/", {}, true);
  BOOST_CHECK_GE(made.fd(), 0);
  BOOST_CHECK_EQUAL(made.path(), folder / "a/b/results");
  BOOST_CHECK_EQUAL(made.leaf_path("main/x"), folder / "a/b/results/main/x");
  folder.write("file", "");
  BOOST_CHECK_THROW(ResultTree(folder / "file", {}, true), std::system_error);
  BOOST_CHECK_THROW(ResultTree(folder / "file/x", {}, true), std::system_error);
}

BOOST_FIXTURE_TEST_CASE(fresh, Tree) {
  BOOST_CHECK(look().kind == LeafState::fresh);
  std::filesystem::create_directories(folder / leaf_name);
  BOOST_CHECK(look().kind == LeafState::fresh);
  BOOST_CHECK_EQUAL(look().attempts, 0u);
}

BOOST_FIXTURE_TEST_CASE(done, Tree) {
  verdict("ok", 2);
  const auto state = look();
  BOOST_CHECK(state.kind == LeafState::done);
  BOOST_CHECK_EQUAL(state.attempts, 2u);
  BOOST_REQUIRE(state.verdict);
  BOOST_CHECK(state.verdict->status == Status::ok);
}

BOOST_FIXTURE_TEST_CASE(failed, Tree) {
  for (const auto* status : {"failed", "crashed", "timeout", "out_of_memory"}) {
    verdict(status);
    BOOST_CHECK_MESSAGE(look().kind == LeafState::failed, status);
  }
}

BOOST_FIXTURE_TEST_CASE(unfinished, Tree) {
  for (const auto* status : {"cancelled", "stopped"}) {
    verdict(status);
    BOOST_CHECK_MESSAGE(look().kind == LeafState::unfinished, status);
  }
  folder.write("main/a/eh.json", "{\"status\":\"ok\",\"sec");  // torn
  BOOST_CHECK(look().kind == LeafState::unfinished);
  std::filesystem::remove(folder / "main/a/eh.json");
  folder.write("main/a/log.txt", "begun");
  BOOST_CHECK(look().kind == LeafState::unfinished);
  BOOST_CHECK_EQUAL(look().attempts, 1u);
  BOOST_CHECK(!look().checkpoint);
}

BOOST_FIXTURE_TEST_CASE(checkpoints_are_seen, Tree) {
  folder.write("main/a/state.checkpoint.bin", "x");
  BOOST_CHECK(look().kind == LeafState::unfinished);
  BOOST_CHECK(look().checkpoint);
  const ResultTree other(folder.path(), {{"*.ckpt"}, "meta.json"}, false);
  BOOST_CHECK(!other.look(leaf_name, leases).checkpoint);
}

BOOST_FIXTURE_TEST_CASE(checkpoints_in_folders_are_seen, Tree) {
  folder.write("main/a/model/checkpoint-3/weights", "x");
  BOOST_CHECK(look().checkpoint);
  for (const auto* pattern : {"model/checkpoint-*", "checkpoint-?", "*-3"}) {
    const ResultTree other(folder.path(), {{pattern}, "meta.json"}, false);
    BOOST_CHECK_MESSAGE(other.look(leaf_name, leases).checkpoint, pattern);
  }
  const ResultTree other(folder.path(), {{"model/weights"}, "m.json"}, false);
  BOOST_CHECK(!other.look(leaf_name, leases).checkpoint);
  verdict("failed");
  BOOST_CHECK(claim().resumes);
  BOOST_CHECK(folder.exists("main/a/model/checkpoint-3/weights"));
}

BOOST_FIXTURE_TEST_CASE(what_is_no_checkpoint_for_all_its_name, Tree) {
  folder.write("main/a/.eh/attempts/1/checkpoint", "an earlier one's");
  folder.write("main/a/model/.checkpoint.eh-tmp-12-0", "torn");
  BOOST_CHECK(!look().checkpoint);
  BOOST_CHECK(!claim().resumes);
}

BOOST_FIXTURE_TEST_CASE(running, Tree) {
  BOOST_CHECK(tree.claim(leaf_name, others).kind == ResultTree::Claim::claimed);
  const auto state = look();
  BOOST_CHECK(state.kind == LeafState::running);
  BOOST_CHECK_EQUAL(state.holder.run_id, "run-2");
}

BOOST_FIXTURE_TEST_CASE(metadata_of_the_original_is_done, Tree) {
  folder.write("main/a/" + std::string(original),
               R"({"start":"a","end":"b","seconds":3})");
  BOOST_CHECK(look().kind == LeafState::done);
  BOOST_CHECK(claim().kind == ResultTree::Claim::done);
  // A verdict of ours is newer than it, even a torn one.
  verdict("failed");
  BOOST_CHECK(look().kind == LeafState::failed);
  folder.write("main/a/eh.json", "{\"status\":\"ok\",\"sec");
  BOOST_CHECK(look().kind == LeafState::unfinished);
}

BOOST_FIXTURE_TEST_CASE(a_new_leaf_is_claimed, Tree) {
  const auto claimed = claim();
  BOOST_CHECK(claimed.kind == ResultTree::Claim::claimed);
  BOOST_CHECK_EQUAL(claimed.attempt, 1u);
  BOOST_CHECK(!claimed.resumes);
  BOOST_TEST(folder.list(leaf_name) == Texts{".eh-lease"});
  const auto deep = tree.claim("main/x/y/z", leases);
  BOOST_CHECK(deep.kind == ResultTree::Claim::claimed);
  BOOST_CHECK(folder.exists("main/x/y/z/.eh-lease"));
}

BOOST_FIXTURE_TEST_CASE(an_earlier_attempt_is_kept, Tree) {
  verdict("failed");
  folder.write("main/a/log.txt", "first");
  folder.write("main/a/data/x.csv", "1,2");
  const auto claimed = claim();
  BOOST_CHECK(claimed.kind == ResultTree::Claim::claimed);
  BOOST_CHECK_EQUAL(claimed.attempt, 2u);
  BOOST_CHECK(!claimed.resumes);
  BOOST_TEST(folder.list(leaf_name) == (Texts{".eh", ".eh-lease"}));
  BOOST_CHECK_EQUAL(folder.read("main/a/.eh/attempts/1/log.txt"), "first");
  BOOST_CHECK_EQUAL(folder.read("main/a/.eh/attempts/1/data/x.csv"), "1,2");
  BOOST_CHECK(folder.exists("main/a/.eh/attempts/1/eh.json"));

  // And once more.
  verdict("crashed", 2);
  folder.write("main/a/log.txt", "second");
  BOOST_CHECK_EQUAL(claim().attempt, 3u);
  BOOST_CHECK_EQUAL(folder.read("main/a/.eh/attempts/1/log.txt"), "first");
  BOOST_CHECK_EQUAL(folder.read("main/a/.eh/attempts/2/log.txt"), "second");
}

BOOST_FIXTURE_TEST_CASE(numbers_of_attempts_do_not_overflow, Tree) {
  verdict("failed", 4'294'967'295);
  folder.write("main/a/.eh/attempts/4294967295/log.txt", "");
  folder.write("main/a/.eh/attempts/-1/log.txt", "");
  folder.write("main/a/.eh/attempts/5x/log.txt", "");
  folder.write("main/a/.eh/attempts/2/log.txt", "");
  BOOST_CHECK_EQUAL(claim().attempt, 4u);
  BOOST_CHECK(folder.exists("main/a/.eh/attempts/3/eh.json"));
}

BOOST_FIXTURE_TEST_CASE(an_attempt_without_a_verdict_is_kept, Tree) {
  folder.write("main/a/log.txt", "cut off");
  BOOST_CHECK_EQUAL(claim().attempt, 2u);
  BOOST_CHECK_EQUAL(folder.read("main/a/.eh/attempts/1/log.txt"), "cut off");
}

BOOST_FIXTURE_TEST_CASE(attempts_are_numbered_on, Tree) {
  folder.write("main/a/.eh/attempts/7/log.txt", "old");
  BOOST_CHECK_EQUAL(claim().attempt, 8u);  // nothing to keep
  leases.release(leaf_name);
  verdict("failed", 12);
  BOOST_CHECK_EQUAL(claim().attempt, 13u);
  BOOST_CHECK(folder.exists("main/a/.eh/attempts/12/eh.json"));
}

BOOST_FIXTURE_TEST_CASE(a_checkpoint_goes_on, Tree) {
  verdict("stopped");
  folder.write("main/a/log.txt", "first");
  folder.write("main/a/output.txt", "said");
  folder.write("main/a/metrics.jsonl", "{}");
  folder.write("main/a/checkpoint.bin", "half");
  folder.write("main/a/data.csv", "1");
  const auto claimed = claim();
  BOOST_CHECK(claimed.resumes);
  BOOST_CHECK_EQUAL(claimed.attempt, 2u);
  BOOST_TEST(folder.list(leaf_name) ==
             (Texts{".eh", ".eh-lease", "checkpoint.bin", "data.csv",
                    "metrics.jsonl"}));
  BOOST_TEST(folder.list("main/a/.eh/attempts/1") ==
             (Texts{"eh.json", "log.txt", "output.txt"}));
}

BOOST_FIXTURE_TEST_CASE(results_go_where_their_attempt_goes, Tree) {
  folder.write("main/a/.eh-results", "\"wait\":1\n");
  BOOST_CHECK(look().kind == LeafState::unfinished);
  BOOST_CHECK_EQUAL(claim().attempt, 2u);
  BOOST_TEST(folder.list("main/a/.eh/attempts/1") == Texts{".eh-results"});
  folder.write("main/a/.eh-results", "\"wait\":2\n");
  folder.write("main/a/checkpoint", "half");
  leases.release(leaf_name);
  BOOST_CHECK(claim().resumes);
  BOOST_CHECK_EQUAL(folder.read("main/a/.eh-results"), "\"wait\":2\n");
}

BOOST_FIXTURE_TEST_CASE(looking_at_a_held_one, Tree) {
  verdict("failed");
  leases.acquire(leaf_name);
  BOOST_CHECK(look().kind == LeafState::running);
  BOOST_CHECK(tree.look_held(leaf_name).kind == LeafState::failed);
}

BOOST_FIXTURE_TEST_CASE(checkpoints_of_a_killed_host_go_on, Tree) {
  folder.write("main/a/checkpoint", "half");
  const auto first = claim();
  BOOST_CHECK(first.resumes);
  BOOST_CHECK_EQUAL(first.attempt, 2u);
  leases.release(leaf_name);
  BOOST_CHECK_EQUAL(claim().attempt, 3u);
  BOOST_CHECK_EQUAL(folder.read("main/a/checkpoint"), "half");
}

namespace {

// A leaf that a host on another machine works on, which is heard of no more.
struct CutOff : Tree {
  CutOff() {
    const Owner other{"other-host", "other-boot", "pid:[7]", 42, 1000, "run-9"};
    folder.write(alive_file("run-9"), other.text());
    set_changed(folder / alive_file("run-9"), -lease_timeout_seconds - 10);
    folder.write("main/a/data", "old");
    std::filesystem::create_symlink("run-9", folder / "main/a/" + lease_file);
    its_folder = Fd(::open((folder / leaf_name).c_str(), O_DIRECTORY));
    its_file = Fd(::open((folder / "main/a/data").c_str(), O_WRONLY));
  }
  // What it does, not knowing that it is taken for dead.
  void goes_on() const {
    BOOST_CHECK_EQUAL(::write(its_file.get(), "NEW", 3), 3);
    const Fd verdict(
        ::openat(its_folder.get(), "eh.json", O_WRONLY | O_CREAT, 0666));
    BOOST_CHECK_EQUAL(::write(verdict.get(), "{}", 2), 2);
  }
  Fd its_folder, its_file;
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(who_was_cut_off_writes_into_its_own_attempt, CutOff) {
  const auto mine = claim();
  BOOST_CHECK(mine.kind == ResultTree::Claim::claimed);
  BOOST_CHECK_EQUAL(mine.attempt, 2u);
  BOOST_CHECK(!mine.resumes);
  goes_on();
  BOOST_CHECK(folder.list("main") == std::vector<std::string>{"a"});
  BOOST_CHECK(folder.list("main/a") ==
              (std::vector<std::string>{".eh", lease_file}));
  BOOST_CHECK_EQUAL(folder.read("main/a/.eh/attempts/1/data"), "NEW");
  BOOST_CHECK(!leases.lost(leaf_name, 2));
  // Earlier attempts stay.
  leases.release(leaf_name);
  BOOST_CHECK_EQUAL(claim().attempt, 2u);
}

// Its verdict was written by somebody else, who has left since.
BOOST_FIXTURE_TEST_CASE(who_was_cut_off_is_kept_out, CutOff) {
  Leases cut_off(tree.fd(),
                 {"other-host", "other-boot", "", 42, 1000, "run-9"});
  BOOST_REQUIRE(leases.acquire(leaf_name).taken_over);
  tree.keep_out(leaf_name, 1);
  verdict("crashed");
  leases.release(leaf_name);
  BOOST_CHECK(cut_off.lost(leaf_name, 1));
  BOOST_CHECK_EQUAL(claim().attempt, 2u);
  BOOST_CHECK(folder.exists("main/a/.eh/attempts/1/eh.json"));
  BOOST_CHECK_EQUAL(folder.read("main/a/.eh/attempts/1/data"), "old");
}

BOOST_FIXTURE_TEST_CASE(its_checkpoint_is_gone_on_with_as_a_copy, CutOff) {
  folder.write("main/a/parts/one.checkpoint", "1");
  folder.write("main/a/.eh/attempts/3/data", "older");
  folder.write("main/a/checkpoint", "c");
  folder.write("main/a/log.txt", "begun");
  const auto mine = claim();
  BOOST_CHECK(mine.resumes);
  BOOST_CHECK_EQUAL(mine.attempt, 5u);
  goes_on();
  BOOST_CHECK_EQUAL(folder.read("main/a/data"), "old");
  BOOST_CHECK_EQUAL(folder.read("main/a/parts/one.checkpoint"), "1");
  BOOST_CHECK(!folder.exists("main/a/log.txt"));
  BOOST_CHECK(!folder.exists("main/a/eh.json"));
  BOOST_CHECK_EQUAL(folder.read("main/a/.eh/attempts/3/data"), "older");
  BOOST_CHECK_EQUAL(folder.read("main/a/.eh/attempts/4/log.txt"), "begun");
}

// The states that a host leaves which is killed amid one of these steps.
BOOST_FIXTURE_TEST_CASE(an_attempt_that_is_half_kept, Tree) {
  folder.write("main/a/.eh/attempts/1/log.txt", "first");
  folder.write("main/a/.eh/keeping-2-all/eh.json", "{}");
  folder.write("main/a/data.csv", "1");
  BOOST_CHECK(look().kind == LeafState::unfinished);
  BOOST_CHECK_EQUAL(claim().attempt, 3u);
  BOOST_TEST(folder.list("main/a/.eh") == Texts{"attempts"});
  BOOST_TEST(folder.list("main/a/.eh/attempts/2") ==
             (Texts{"data.csv", "eh.json"}));
}

BOOST_FIXTURE_TEST_CASE(records_that_are_half_kept, Tree) {
  folder.write("main/a/.eh/keeping-1-records/eh.json", "{}");
  folder.write("main/a/log.txt", "first");
  folder.write("main/a/checkpoint", "half");
  const auto claimed = claim();
  BOOST_CHECK(claimed.resumes);
  BOOST_CHECK_EQUAL(folder.read("main/a/checkpoint"), "half");
  BOOST_TEST(folder.list("main/a/.eh/attempts/1") ==
             (Texts{"eh.json", "log.txt"}));
  BOOST_CHECK(!folder.exists("main/a/log.txt"));
}

namespace {

// A takeover by a host of this machine, which is killed on the way.
struct HalfTaken : CutOff {
  HalfTaken() {
    auto dead = Owner::self("run-3");
    dead.pid = 1 << 23;
    folder.write(alive_file("run-3"), dead.text());
    folder.write("main/a/checkpoint", "half");
    folder.write("main/a/.eh/attempts/1/log.txt", "first");
    lease("main/a/.eh-lease", "run-3");
    lease("main/a/.eh-lease.before", "run-9");
    folder.write("main/a/.eh/new-run-3/checkpoint", "ha");
    lease("main/a/.eh/new-run-3/.eh-lease", "run-3");
  }
  void lease(const char* path, const char* owner) const {
    std::filesystem::remove(folder / path);
    std::filesystem::create_symlink(owner, folder / path);
  }
  void move(const char* from, const char* to) const {
    std::filesystem::rename(folder / from, folder / to);
  }
  void check_taken() {
    BOOST_CHECK(look().kind == LeafState::unfinished);
    BOOST_CHECK(look().checkpoint);
    const auto mine = claim();
    BOOST_CHECK(mine.kind == ResultTree::Claim::claimed);
    BOOST_CHECK(mine.resumes);
    BOOST_CHECK_EQUAL(mine.attempt, 3u);
    goes_on();
    BOOST_TEST(folder.list("main") == Texts{"a"});
    BOOST_TEST(folder.list("main/a") ==
               (Texts{".eh", lease_file, "checkpoint", "data"}));
    BOOST_TEST(folder.list("main/a/.eh") == Texts{"attempts"});
    BOOST_CHECK_EQUAL(folder.read("main/a/checkpoint"), "half");
    BOOST_CHECK_EQUAL(folder.read("main/a/.eh/attempts/1/log.txt"), "first");
    BOOST_TEST(folder.list("main/a/.eh/attempts/2") ==
               (Texts{"checkpoint", "data", "eh.json"}));
    BOOST_CHECK_EQUAL(folder.read("main/a/.eh/attempts/2/data"), "NEW");
  }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(killed_before_the_folders_are_swapped, HalfTaken) {
  check_taken();
}

BOOST_FIXTURE_TEST_CASE(killed_between_the_two_renames, HalfTaken) {
  move("main/a", "main/.eh-moved-a");
  check_taken();
}

BOOST_FIXTURE_TEST_CASE(killed_after_a_folder_was_made_in_between, HalfTaken) {
  move("main/a", "main/.eh-moved-a");
  std::filesystem::create_directory(folder / "main/a");
  lease("main/a/.eh-lease", "run-3");
  check_taken();
}

BOOST_FIXTURE_TEST_CASE(killed_after_the_folders_were_swapped, HalfTaken) {
  move("main/a", "main/.eh-moved-a");
  move("main/.eh-moved-a/.eh/new-run-3", "main/a");
  folder.write("main/a/checkpoint", "half");
  folder.write("main/a/data", "old");
  std::filesystem::create_directories(folder / "main/a/.eh/attempts");
  check_taken();
}

BOOST_FIXTURE_TEST_CASE(who_takes_over_and_fails_changes_nothing, CutOff) {
  folder.write("main/a/.eh", "no folder");
  BOOST_CHECK_THROW(claim(), std::system_error);
  BOOST_CHECK_EQUAL(leases.named(leaf_name), "run-9");
  BOOST_TEST(folder.list("main/a") == (Texts{".eh", lease_file, "data"}));
  std::filesystem::remove(folder / "main/a/.eh");
  BOOST_CHECK_EQUAL(claim().attempt, 2u);
  BOOST_CHECK_EQUAL(folder.read("main/a/.eh/attempts/1/data"), "old");
}

BOOST_FIXTURE_TEST_CASE(long_names_are_taken_over_too, CutOff) {
  const auto name = "main/" + std::string(255, 'x');
  std::filesystem::rename(folder / leaf_name, folder / name);
  BOOST_CHECK_EQUAL(tree.claim(name, leases).attempt, 2u);
  BOOST_CHECK_EQUAL(folder.read(name + "/.eh/attempts/1/data"), "old");
}

BOOST_FIXTURE_TEST_CASE(torn_temporaries_go, Tree) {
  folder.write("main/a/.eh-verdict.tmp", "{\"sta");
  folder.write("main/a/.eh-crash", "11 0");
  const auto claimed = claim();
  BOOST_CHECK_EQUAL(claimed.attempt, 1u);
  BOOST_TEST(folder.list(leaf_name) == Texts{".eh-lease"});
}

// The first checkpoint does not count before it is whole.
BOOST_FIXTURE_TEST_CASE(a_torn_checkpoint_is_none, Tree) {
  verdict("crashed");
  folder.write("main/a/.checkpoint.eh-tmp-12-0", "ha");
  folder.write("main/a/data.csv", "1");
  BOOST_CHECK(!look().checkpoint);
  BOOST_CHECK(!claim().resumes);
  BOOST_TEST(folder.list(leaf_name) == (Texts{".eh", ".eh-lease"}));
  BOOST_TEST(folder.list("main/a/.eh/attempts/1") ==
             (Texts{"data.csv", "eh.json"}));
}

BOOST_FIXTURE_TEST_CASE(torn_files_beside_a_checkpoint_go, Tree) {
  verdict("crashed");
  folder.write("main/a/checkpoint", "whole");
  folder.write("main/a/.checkpoint.eh-tmp-12-7", "ha");
  folder.write("main/a/b/.data.csv.eh-tmp-12-8", "1");
  folder.write("main/a/b/data.csv.eh-tmp-12-8", "a name of someone's own");
  BOOST_CHECK(claim().resumes);
  BOOST_TEST(folder.list(leaf_name) ==
             (Texts{".eh", ".eh-lease", "b", "checkpoint"}));
  BOOST_TEST(folder.list("main/a/b") == Texts{"data.csv.eh-tmp-12-8"});
}

BOOST_FIXTURE_TEST_CASE(done_ones_are_left_alone, Tree) {
  verdict("ok");
  folder.write("main/a/data.csv", "1");
  BOOST_CHECK(claim().kind == ResultTree::Claim::done);
  BOOST_TEST(folder.list(leaf_name) == (Texts{"data.csv", "eh.json"}));
}

BOOST_FIXTURE_TEST_CASE(those_of_others_are_busy, Tree) {
  BOOST_REQUIRE(tree.claim(leaf_name, others).kind ==
                ResultTree::Claim::claimed);
  folder.write("main/a/log.txt", "theirs");
  const auto claimed = claim();
  BOOST_CHECK(claimed.kind == ResultTree::Claim::busy);
  BOOST_CHECK_EQUAL(claimed.holder.run_id, "run-2");
  BOOST_CHECK_EQUAL(folder.read("main/a/log.txt"), "theirs");
}

BOOST_FIXTURE_TEST_CASE(claims_that_cannot_be, Tree) {
  folder.write("main/a", "a file");
  BOOST_CHECK_THROW(claim(), std::system_error);
  BOOST_CHECK_THROW(tree.claim("main/a/b", leases), std::system_error);
  BOOST_CHECK_EQUAL(folder.read("main/a"), "a file");
}

BOOST_FIXTURE_TEST_CASE(leaves_below_a_leaf_stay, Tree) {
  // Results of an experiment that was renamed since, or is running elsewhere.
  folder.write("main/a/b/c/eh.json", "{}");
  BOOST_CHECK_THROW(claim(), std::system_error);
  BOOST_CHECK(folder.exists("main/a/b/c/eh.json"));
  BOOST_CHECK_THROW(tree.clear(leaf_name), std::system_error);
  BOOST_CHECK(folder.exists("main/a/b/c/eh.json"));
  BOOST_CHECK(!leases.holder(leaf_name).exists());
}

BOOST_FIXTURE_TEST_CASE(what_failed_since_had_its_turn, Tree) {
  folder.write("main/a/eh.json",
               R"({"status":"failed","seconds":1,"attempt":1,)"
               R"("end":"2026-01-31T10:00:00.000Z"})");
  const auto late = tree.claim(leaf_name, leases, {"2026-01-31T09:59:59.000Z"});
  BOOST_CHECK(late.kind == ResultTree::Claim::settled);
  BOOST_CHECK(!leases.holder(leaf_name).exists());
  const auto early =
      tree.claim(leaf_name, leases, {"2026-01-31T10:00:00.001Z"});
  BOOST_CHECK(early.kind == ResultTree::Claim::claimed);
  BOOST_CHECK_EQUAL(early.attempt, 2u);
}

// A clock that was ahead, here or elsewhere, settles nothing for ever.
BOOST_FIXTURE_TEST_CASE(a_verdict_from_the_future, Tree) {
  const std::string end = "2999-01-31T10:00:00.000Z";
  const auto now = utc_text(std::chrono::system_clock::now());
  folder.write(
      "main/a/eh.json",
      R"({"status":"failed","seconds":1,"attempt":1,"end":")" + end + "\"}");
  // It is of now, by its file.
  BOOST_CHECK(tree.claim(leaf_name, leases, {now}).kind ==
              ResultTree::Claim::settled);
  set_changed(folder / "main/a/eh.json", -1000);
  BOOST_CHECK(tree.claim(leaf_name, leases, {now}).kind ==
              ResultTree::Claim::claimed);
  leases.release(leaf_name);
  folder.write(
      "main/a/eh.json",
      R"({"status":"failed","seconds":1,"attempt":2,"end":")" + end + "\"}");
  set_changed(folder / "main/a/eh.json", 1000);
  BOOST_CHECK_EQUAL(tree.claim(leaf_name, leases, {now}).attempt, 3u);
}

BOOST_FIXTURE_TEST_CASE(what_kills_leave_in_a_done_leaf, Tree) {
  auto dead = Owner::self("run-3");
  dead.pid = 1 << 23;
  verdict("ok");
  BOOST_CHECK(!tree.is_untidy(leaf_name));
  folder.write("main/a/data/.x.csv.eh-tmp-1-1", "ha");
  folder.write("main/a/data/x.csv", "1");
  folder.write("main/a/.eh/attempts/1/log.txt", "first");
  for (const auto* left : {".eh-results", ".eh-kept-metrics", ".eh-crash",
                           ".eh-verdict.tmp", ".x.eh-tmp-1-2"})
    folder.write("main/a/" + std::string(left), "x");
  folder.write(alive_file("run-3"), dead.text());
  for (const auto* link : {".eh-lease", ".eh-lease.takeover"})
    std::filesystem::create_symlink("run-3", folder / "main/a/" + link);
  BOOST_CHECK(tree.is_untidy(leaf_name));
  tree.tidy(leaf_name, leases);
  BOOST_CHECK(!tree.is_untidy(leaf_name));
  BOOST_TEST(folder.list(leaf_name) == (Texts{".eh", "data", "eh.json"}));
  BOOST_TEST(folder.list("main/a/data") == Texts{"x.csv"});
  BOOST_CHECK(folder.exists("main/a/.eh/attempts/1/log.txt"));
}

BOOST_FIXTURE_TEST_CASE(who_still_runs_is_not_tidied, Tree) {
  verdict("ok");
  folder.write("main/a/.eh-results", "x");
  BOOST_REQUIRE(others.acquire(leaf_name).acquired);
  tree.tidy(leaf_name, leases);
  BOOST_CHECK(folder.exists("main/a/.eh-results"));
  others.release(leaf_name);
  verdict("failed");
  tree.tidy(leaf_name, leases);
  BOOST_CHECK(folder.exists("main/a/.eh-results"));
}

BOOST_FIXTURE_TEST_CASE(links_in_the_place_of_ehs_own, Tree) {
  const TemporaryDirectory outside;
  outside.write("precious", "x");
  outside.write("attempts/1/precious", "y");
  verdict("failed");
  std::filesystem::create_directory_symlink(outside.path(),
                                            folder / "main/a/.eh");
  BOOST_CHECK_THROW(claim(), std::system_error);
  BOOST_CHECK(folder.exists("main/a/eh.json"));
  BOOST_TEST(outside.list("attempts") == Texts{"1"});
  // To delete the leaf deletes the link.
  BOOST_REQUIRE(leases.acquire(leaf_name).acquired);
  tree.clear(leaf_name);
  BOOST_CHECK_EQUAL(outside.read("precious"), "x");
  BOOST_CHECK_EQUAL(outside.read("attempts/1/precious"), "y");
  BOOST_TEST(folder.list(leaf_name) == Texts{".eh-lease"});
}

namespace {

struct Failures : Tree {
  void failed(const std::string& folder_name, unsigned attempt, int second,
              const std::string& run, const std::string& status = "failed") {
    folder.write(folder_name + "/eh.json",
                 R"({"status":")" + status + R"(","seconds":1,"attempt":)" +
                     std::to_string(attempt) + R"(,"run":")" + run +
                     R"(","end":"2026-01-31T10:00:0)" + std::to_string(second) +
                     R"(.000Z"})");
  }
  ResultTree::Claim claim_after(int second, int retries) {
    return tree.claim(leaf_name, leases,
                      {"2026-01-31T10:00:0" + std::to_string(second) + ".000Z",
                       [=] { return retries; }});
  }
};

}  // namespace

// Of another host, which may have died before it gave them all.
BOOST_FIXTURE_TEST_CASE(what_failed_may_have_retries_left, Failures) {
  failed("main/a/.eh/attempts/1", 1, 1, "run-7");
  failed("main/a", 2, 3, "run-7");
  BOOST_CHECK(claim_after(2, 0).kind == ResultTree::Claim::settled);
  // The first one failed before, but in the same run.
  BOOST_CHECK(claim_after(2, 1).kind == ResultTree::Claim::settled);
  const auto again = claim_after(2, 2);
  BOOST_CHECK(again.kind == ResultTree::Claim::claimed);
  BOOST_CHECK_EQUAL(again.failures, 2);
  BOOST_CHECK_EQUAL(again.attempt, 3u);
}

BOOST_FIXTURE_TEST_CASE(failures_of_before_use_up_no_retries, Failures) {
  failed("main/a/.eh/attempts/1", 1, 1, "run-6");
  failed("main/a", 2, 3, "run-7");
  BOOST_CHECK_EQUAL(claim_after(2, 1).failures, 1);
  leases.release(leaf_name);
  failed("main/a", 3, 4, "run-8");
  BOOST_CHECK_EQUAL(claim_after(5, 1).failures, 0);
}

BOOST_FIXTURE_TEST_CASE(what_was_cut_off_uses_up_no_retry, Failures) {
  failed("main/a/.eh/attempts/1", 1, 3, "run-7");
  failed("main/a/.eh/attempts/2", 2, 4, "run-7", "cancelled");
  folder.write("main/a/log.txt", "begun");
  BOOST_CHECK_EQUAL(claim_after(2, 1).failures, 1);
}

namespace {

struct Forced : Failures {
  ResultTree::Claim force() {
    return tree.claim(leaf_name, leases,
                      {"", [] { return 0; },
                       [](const std::string& owner) {
                         return owner == "run-7" || owner == "run-7.1.2.3";
                       }});
  }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(force_keeps_what_was_until_there_is_more, Forced) {
  failed("main/a", 1, 1, "run-6", "ok");
  folder.write("main/a/data/x", "of before");
  folder.write("main/a/checkpoint", "of before");
  auto claim = force();
  BOOST_CHECK(claim.kind == ResultTree::Claim::claimed);
  BOOST_CHECK_EQUAL(claim.attempt, 2u);
  BOOST_CHECK(!claim.resumes);
  BOOST_CHECK(claim.replaces);
  BOOST_CHECK_EQUAL(claim.replaced_ok, "main/a/.eh/attempts/1");
  BOOST_TEST(folder.list(leaf_name) == (Texts{".eh", ".eh-lease"}));
  BOOST_CHECK_EQUAL(folder.read("main/a/.eh/attempts/1/data/x"), "of before");
  // It fails, and fails again: what was is still there.
  failed("main/a", 2, 2, "run-7");
  claim = force();
  BOOST_CHECK_EQUAL(claim.attempt, 3u);
  BOOST_CHECK_EQUAL(claim.replaced_ok, "main/a/.eh/attempts/1");
  BOOST_CHECK_EQUAL(tree.replaced(leaf_name)->folder, "main/a/.eh/attempts/1");
  failed("main/a", 3, 3, "run-7", "ok");
  tree.end_replaced(leaf_name);
  BOOST_TEST(folder.list("main/a/.eh/attempts") == Texts{"2"});
  BOOST_CHECK(!tree.replaced(leaf_name));
  BOOST_CHECK(force().kind == ResultTree::Claim::done);
}

BOOST_FIXTURE_TEST_CASE(force_goes_on_with_its_own, Forced) {
  failed("main/a", 2, 1, "run-7", "stopped");
  folder.write("main/a/checkpoint", "");
  const auto claim = force();
  BOOST_CHECK(claim.resumes);
  BOOST_CHECK(!claim.replaces);
}

BOOST_FIXTURE_TEST_CASE(force_and_what_has_no_verdict, Forced) {
  folder.write("main/a/checkpoint", "");
  auto dead = Owner::self("run-7.1.2.3");
  dead.pid = 1 << 23;  // above the kernel's greatest
  folder.write(alive_file(dead.run_id), dead.text());
  std::filesystem::create_symlink(dead.run_id, folder / "main/a/.eh-lease");
  BOOST_CHECK(force().resumes);
  leases.release(leaf_name);
  const auto claim = force();  // nobody knows whose it is now
  BOOST_CHECK(!claim.resumes);
  BOOST_CHECK(claim.replaces);
  BOOST_CHECK_EQUAL(claim.replaced_ok, "");
}

BOOST_AUTO_TEST_CASE(a_verdict_without_end) {
  Tree world;
  world.verdict("ok");
  std::filesystem::resize_file(world.folder / "main/a/eh.json", 1 << 30);
  BOOST_CHECK_THROW(world.tree.verdict(leaf_name), UnreadableVerdict);
  BOOST_CHECK_THROW(world.tree.claim(leaf_name, world.leases),
                    UnreadableVerdict);
  BOOST_CHECK(!world.leases.holder(leaf_name).exists());
  // Only --force moves it out of the way.
  ClaimRules force;
  force.counts = [](const std::string&) { return false; };
  BOOST_CHECK(world.tree.claim(leaf_name, world.leases, force).kind ==
              ResultTree::Claim::claimed);
  BOOST_CHECK(world.folder.exists("main/a/.eh/attempts/1/eh.json"));
}

BOOST_FIXTURE_TEST_CASE(leaving_removes_empty_folders_only, Tree) {
  tree.claim("main/x/y/1", leases);
  tree.claim("main/x/2", leases);
  tree.leave("main/x/y/1", leases);
  BOOST_TEST(folder.list("main/x") == Texts{"2"});
  folder.write("main/x/2/log.txt", "");
  tree.leave("main/x/2", leases);
  BOOST_TEST(folder.list("main/x/2") == Texts{"log.txt"});
  std::filesystem::remove(folder / "main/x/2/log.txt");
  tree.leave("main/x/2", leases);
  BOOST_TEST(folder.list() == Texts{});
  BOOST_CHECK(folder.exists(""));
}

BOOST_FIXTURE_TEST_CASE(clearing_deletes_what_a_leaf_holds, Tree) {
  const TemporaryDirectory outside;
  outside.write("precious", "x");
  verdict("ok");
  folder.write("main/a/data/x.csv", "1");
  folder.write("main/a/data/y.csv", "2");
  folder.write("main/a/.eh/attempts/1/log.txt", "old");
  folder.write("main/a/experiment_helpers_metadata.json", "{}");
  folder.write("main/ab/data.csv", "other");
  std::filesystem::create_directory_symlink(outside.path(),
                                            folder / "main/a/link");
  BOOST_REQUIRE(leases.acquire(leaf_name).acquired);
  BOOST_CHECK_EQUAL(tree.clear(leaf_name), 6u);
  BOOST_TEST(folder.list(leaf_name) == Texts{".eh-lease"});
  BOOST_CHECK_EQUAL(folder.read("main/ab/data.csv"), "other");
  BOOST_CHECK_EQUAL(outside.read("precious"), "x");
  BOOST_CHECK_EQUAL(tree.clear(leaf_name), 0u);
  BOOST_CHECK_EQUAL(tree.clear("main/none"), 0u);
}

BOOST_FIXTURE_TEST_CASE(verdicts_are_written_whole, Tree) {
  claim();
  tree.write_verdict(leaf_name, "{\"status\":\"failed\",\"seconds\":1}\n");
  BOOST_CHECK_EQUAL(folder.read("main/a/eh.json"),
                    "{\"status\":\"failed\",\"seconds\":1}\n");
  tree.write_verdict(leaf_name, R"({"status":"ok","seconds":2})");
  BOOST_REQUIRE(tree.verdict(leaf_name));
  BOOST_CHECK(tree.verdict(leaf_name)->status == Status::ok);
  BOOST_TEST(folder.list(leaf_name) == (Texts{".eh-lease", "eh.json"}));
  BOOST_CHECK_THROW(tree.write_verdict("main/none", "{}"), std::system_error);
}

BOOST_FIXTURE_TEST_CASE(the_verdict_by_another_name, Renamed) {
  claim();
  tree.write_verdict(leaf_name, "{\"status\":\"failed\",\"seconds\":1}\n");
  BOOST_TEST(folder.list(leaf_name) == (Texts{".eh-lease", "meta.json"}));
  leases.release(leaf_name);
  BOOST_CHECK(look().kind == LeafState::failed);
  verdict("ok");
  BOOST_CHECK(look().kind == LeafState::done);
  BOOST_CHECK(claim().kind == ResultTree::Claim::done);
  BOOST_REQUIRE(leases.acquire(leaf_name).acquired);
  BOOST_CHECK_EQUAL(tree.clear(leaf_name), 1u);
}

BOOST_FIXTURE_TEST_CASE(verdicts_by_the_usual_name_are_not_seen, Renamed) {
  folder.write("main/a/eh.json", R"({"status":"ok","seconds":1})");
  BOOST_CHECK(look().kind == LeafState::unfinished);
  BOOST_CHECK(!tree.verdict(leaf_name));
  const ResultTree usual(folder.path(), {}, false);
  BOOST_CHECK(usual.look(leaf_name, leases).kind == LeafState::done);
}

BOOST_FIXTURE_TEST_CASE(an_earlier_attempt_by_another_name, Renamed) {
  verdict("stopped", 4);
  folder.write("main/a/checkpoint.bin", "half");
  folder.write("main/a/eh.json", "the experiment's own");
  const auto claimed = claim();
  BOOST_CHECK(claimed.resumes);
  BOOST_CHECK_EQUAL(claimed.attempt, 5u);
  BOOST_TEST(folder.list("main/a/.eh/attempts/4") == Texts{"meta.json"});
  BOOST_TEST(folder.list(leaf_name) ==
             (Texts{".eh", ".eh-lease", "checkpoint.bin", "eh.json"}));
}

BOOST_FIXTURE_TEST_CASE(leaves_below_a_leaf_by_another_name, Renamed) {
  folder.write("main/a/b/meta.json", "{}");
  BOOST_CHECK_THROW(claim(), std::system_error);
  BOOST_CHECK(folder.exists("main/a/b/meta.json"));
}

BOOST_FIXTURE_TEST_CASE(the_original_is_done_by_another_name, Renamed) {
  folder.write("main/a/" + std::string(original),
               R"({"start":"a","end":"b","seconds":3})");
  BOOST_CHECK(look().kind == LeafState::done);
  verdict("failed");
  BOOST_CHECK(look().kind == LeafState::failed);
}

BOOST_FIXTURE_TEST_CASE(the_originals_name, Original) {
  const auto write = [&](const char* text) {
    folder.write("main/a/" + std::string(original), text);
  };
  write(R"({"start":"a","end":"b","seconds":3})");
  BOOST_CHECK(look().kind == LeafState::done);
  BOOST_CHECK_EQUAL(look().verdict->seconds, 3);
  verdict("crashed", 2);
  BOOST_CHECK(look().kind == LeafState::failed);
  BOOST_CHECK_EQUAL(look().attempts, 2u);
  verdict("ok");
  BOOST_CHECK(look().kind == LeafState::done);
  for (const char* torn : {"", R"({"start":"a","en)", R"({"status":"ok"})"}) {
    write(torn);
    BOOST_CHECK_MESSAGE(look().kind == LeafState::unfinished, torn);
  }
  folder.write("main/a/eh.json", R"({"status":"ok","seconds":1})");
  BOOST_CHECK(look().kind == LeafState::unfinished);
  BOOST_CHECK_EQUAL(claim().attempt, 2u);
  tree.write_verdict(leaf_name, R"({"status":"ok","seconds":1})");
  BOOST_CHECK(tree.verdict(leaf_name)->status == Status::ok);
  BOOST_CHECK_EQUAL(tree.clear(leaf_name), 3u);
}

BOOST_AUTO_TEST_CASE(reserved_entries) {
  BOOST_CHECK(contract::is_reserved(".eh"));
  BOOST_CHECK(contract::is_reserved(".eh-lease"));
  BOOST_CHECK(!contract::is_reserved("eh.json"));
  BOOST_CHECK(!contract::is_reserved(".hidden"));
}

BOOST_AUTO_TEST_SUITE_END()
