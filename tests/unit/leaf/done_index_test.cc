#include "leaf/done_index.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "support.h"

using namespace eh::host;
using namespace eh::host::test;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(leaf_done_index)

namespace {

constexpr Compared fresh{7, false};

struct Tree {
  Tree() { std::filesystem::create_directory(folder / ".eh"); }

  // A leaf that was done long enough ago for a later change to show.
  void leaf(const std::string& name) const {
    folder.write(name + "/eh.json", R"({"status":"ok","seconds":1})");
    settle(folder);
  }
  std::int64_t changed(const std::string& name) const {
    struct stat info;
    BOOST_REQUIRE_EQUAL(::stat((folder / name).c_str(), &info), 0);
    return info.st_ctim.tv_sec * 1'000'000'000 + info.st_ctim.tv_nsec;
  }

  DoneIndex index(const std::string& boot = "boot 1") const {
    return DoneIndex(tree, boot);
  }
  std::string entry(DoneIndex& index, const std::string& name,
                    Compared compared = fresh) const {
    index.open();
    return index.entry(name, index.mark(name), compared);
  }
  void note(const std::string& name, Compared compared = fresh,
            const std::string& boot = "boot 1") const {
    auto index = this->index(boot);
    const auto text = entry(index, name, compared);
    BOOST_REQUIRE(!text.empty());
    index.append(text);
  }
  std::optional<Compared> find(const std::string& name,
                               const std::string& boot = "boot 1") const {
    auto index = this->index(boot);
    index.load(1'000'000);
    return index.find(name, index.mark(name));
  }
  bool known(const std::string& name,
             const std::string& boot = "boot 1") const {
    return find(name, boot).has_value();
  }
  std::size_t size() const {
    auto index = this->index();
    index.load(1'000'000);
    return index.size();
  }

  TemporaryDirectory folder;
  ResultTree tree{folder.path(), {}, true};
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(what_was_done_is_known, Tree) {
  for (const auto* name : {"main/a", "main/b/c=1", "main/other"}) leaf(name);
  note("main/a");
  note("main/b/c=1", {8, true});
  BOOST_CHECK_EQUAL(size(), 2u);
  BOOST_CHECK_EQUAL(find("main/a").value().with, 7u);
  BOOST_CHECK(!find("main/a").value().stale);
  BOOST_CHECK_EQUAL(find("main/b/c=1").value().with, 8u);
  BOOST_CHECK(find("main/b/c=1").value().stale);
  BOOST_CHECK(!known("main/other"));
  BOOST_CHECK(!known("main"));
  BOOST_CHECK(!known(""));
}

BOOST_FIXTURE_TEST_CASE(no_index_knows_nothing, Tree) {
  leaf("main/a");
  BOOST_CHECK_EQUAL(size(), 0u);
  folder.write(index_path, "");
  BOOST_CHECK(!known("main/a"));
}

// What was written before may not have reached the disk.
BOOST_FIXTURE_TEST_CASE(only_since_this_boot, Tree) {
  leaf("main/a");
  note("main/a");
  BOOST_CHECK(known("main/a"));
  BOOST_CHECK(!known("main/a", "boot 2"));
  // It was looked at once, and both stay known.
  note("main/a", {9, false}, "boot 2");
  BOOST_CHECK_EQUAL(find("main/a", "boot 2").value().with, 9u);
  BOOST_CHECK_EQUAL(find("main/a").value().with, 7u);
}

BOOST_FIXTURE_TEST_CASE(without_a_boot_id_nothing_is_known, Tree) {
  leaf("main/a");
  note("main/a");
  BOOST_CHECK(!known("main/a", ""));
  auto index = this->index("");
  BOOST_CHECK(!index.open());
  BOOST_CHECK_EQUAL(entry(index, "main/a"), "");
}

BOOST_FIXTURE_TEST_CASE(a_deleted_verdict_counts_no_more, Tree) {
  leaf("main/a");
  note("main/a");
  std::filesystem::remove(folder / "main/a/eh.json");
  BOOST_CHECK(!known("main/a"));
  BOOST_CHECK_EQUAL(index().mark("main/a").kind, VerdictMark::missing);
}

BOOST_FIXTURE_TEST_CASE(a_replaced_verdict_counts_no_more, Tree) {
  leaf("main/a");
  note("main/a");
  folder.write("main/a/new", R"({"status":"no","seconds":1})");
  std::filesystem::rename(folder / "main/a/new", folder / "main/a/eh.json");
  BOOST_CHECK(!known("main/a"));
}

// As an editor does, or a power loss.
BOOST_FIXTURE_TEST_CASE(a_verdict_that_was_written_to_counts_no_more, Tree) {
  leaf("main/a");
  note("main/a");
  folder.write("main/a/eh.json", R"({"status":"no","seconds":1})");
  BOOST_CHECK(!known("main/a"));
  leaf("main/a");
  note("main/a");
  BOOST_CHECK(known("main/a"));
  std::filesystem::resize_file(folder / "main/a/eh.json", 0);
  BOOST_CHECK(!known("main/a"));
}

BOOST_FIXTURE_TEST_CASE(other_changes_of_a_leaf_do_no_harm, Tree) {
  leaf("main/a");
  note("main/a");
  folder.write("main/a/plot.png", "x");
  BOOST_CHECK(known("main/a"));
}

// A change within the same tick of the clock would not be seen.
BOOST_FIXTURE_TEST_CASE(what_just_changed_is_not_noted, Tree) {
  folder.write("main/a/log.txt", "");
  bool quick = false;
  for (int round = 0; round < 1000 && !quick; ++round) {
    auto index = this->index();
    folder.write("main/a/eh.json", R"({"status":"ok","seconds":1})");
    const auto text = entry(index, "main/a");
    folder.write("clock", "");
    quick = changed("clock") < changed("main/a/eh.json") + 15'000'000;
    if (quick) BOOST_CHECK_EQUAL(text, "");
  }
  BOOST_CHECK(quick);
  settle(folder);
  auto index = this->index();
  BOOST_CHECK_NE(entry(index, "main/a"), "");
}

BOOST_FIXTURE_TEST_CASE(links_are_read_each_time, Tree) {
  leaf("main/a");
  std::filesystem::create_directory(folder / "main/b");
  std::filesystem::create_symlink("../a/eh.json", folder / "main/b/eh.json");
  settle(folder);
  BOOST_CHECK_EQUAL(index().mark("main/b").kind, VerdictMark::unknown);
  auto index = this->index();
  BOOST_CHECK_EQUAL(entry(index, "main/b"), "");
}

BOOST_FIXTURE_TEST_CASE(verdicts_of_other_names, Tree) {
  leaf("main/a");
  note("main/a");
  folder.write("main/old/experiment_helpers_metadata.json", "{}");
  folder.write("main/b/other.json", "{}");
  settle(folder);
  note("main/old");
  BOOST_CHECK(known("main/old"));
  folder.write("main/old/eh.json", "{}");  // which wins
  BOOST_CHECK(!known("main/old"));
  LeafRules rules;
  rules.verdict_file = "other.json";
  const ResultTree other(folder.path(), rules, false);
  DoneIndex index(other, "boot 1");
  index.load(1'000'000);
  BOOST_CHECK(!index.find("main/a", index.mark("main/a")));
  BOOST_CHECK_NE(entry(index, "main/b"), "");
}

BOOST_FIXTURE_TEST_CASE(the_last_entry_wins, Tree) {
  leaf("main/a");
  note("main/a", {1, false});
  note("main/a", {2, true});
  BOOST_CHECK_EQUAL(find("main/a").value().with, 2u);
  BOOST_CHECK_EQUAL(size(), 1u);
}

BOOST_FIXTURE_TEST_CASE(torn_lines_are_left_out, Tree) {
  for (const auto* name : {"main/a", "main/b"}) leaf(name);
  auto index = this->index();
  const auto a = entry(index, "main/a"), b = entry(index, "main/b");
  for (std::size_t n = 0; n < a.size(); ++n) {
    folder.write(index_path, a.substr(0, n));
    BOOST_CHECK_MESSAGE(!known("main/a"), n);
    // What another host appends to it later.
    folder.write(index_path, a.substr(0, n) + b);
    BOOST_CHECK_MESSAGE(!known("main/a"), n);
    folder.write(index_path, a.substr(0, n) + b + a);
    BOOST_CHECK_MESSAGE(known("main/a"), n);
  }
}

// Two machines that append at once may write over each other.
BOOST_FIXTURE_TEST_CASE(changed_lines_are_left_out, Tree) {
  leaf("main/a");
  auto index = this->index();
  const auto line = entry(index, "main/a");
  for (std::size_t n = 0; n + 1 < line.size(); ++n) {
    auto other = line;
    other[n] = other[n] == '1' ? '0' : '1';
    folder.write(index_path, other);
    BOOST_CHECK_MESSAGE(!known("main/a"), n);
  }
}

BOOST_FIXTURE_TEST_CASE(foreign_lines_are_left_out, Tree) {
  leaf("main/a");
  auto index = this->index();
  const auto line = entry(index, "main/a");
  folder.write(index_path,
               "\n\nhello\n{\"v\":1,\"changed\":1,\"done\":\"main/b\"}\n"
               "{\"v\":3}\n{\"v\":2,\"tidied\":x}\n" +
                   line);
  BOOST_CHECK_EQUAL(size(), 1u);
  BOOST_CHECK(known("main/a"));
}

// A name that has to be escaped is read each time; never mistaken.
BOOST_FIXTURE_TEST_CASE(odd_names, Tree) {
  leaf("main/caf\xc3\xa9 {x}");
  note("main/caf\xc3\xa9 {x}");
  boost::json::parse(folder.read(index_path));
  BOOST_CHECK(known("main/caf\xc3\xa9 {x}"));
  for (const std::string odd :
       {"main/a\"b", "main/a\nb", "main/a\\b", "main/a\xff"}) {
    leaf(odd);
    auto index = this->index();
    BOOST_CHECK_EQUAL(entry(index, odd), "");
  }
}

BOOST_FIXTURE_TEST_CASE(small_selections_in_large_trees_read_verdicts, Tree) {
  leaf("main/a");
  note("main/a");
  folder.write(index_path, std::string(40'000, '\n') + folder.read(index_path));
  auto index = this->index();
  index.load(1);
  BOOST_CHECK_EQUAL(index.size(), 0u);
  index.load(2);
  BOOST_CHECK_EQUAL(index.size(), 1u);
}

BOOST_FIXTURE_TEST_CASE(what_has_grown_is_tidied_up, Tree) {
  for (const auto* name : {"main/a", "main/b"}) leaf(name);
  note("main/a", {1, false}, "boot 0");
  note("main/b");
  const auto both = folder.read(index_path);
  std::string text;
  while (text.size() < (1 << 20)) text += both + "torn\n";
  folder.write(index_path, text);
  BOOST_CHECK(known("main/b"));
  const auto tidy = folder.read(index_path);
  BOOST_CHECK_LT(tidy.size(), both.size() + 100);
  BOOST_CHECK(has(tidy, both));
  BOOST_CHECK(known("main/b"));
  BOOST_CHECK(known("main/a", "boot 0"));
  BOOST_CHECK_EQUAL(folder.read(index_path), tidy);
  BOOST_TEST(folder.list(".eh") == (Texts{"journal.jsonl"}));
  struct stat info;
  BOOST_REQUIRE_EQUAL(::stat((folder / index_path).c_str(), &info), 0);
  BOOST_CHECK_EQUAL(info.st_mode & 0777, 0644u & info.st_mode);
  // Twice of what it needs is fine.
  folder.write(index_path, tidy + tidy);
  known("main/b");
  BOOST_CHECK_EQUAL(folder.read(index_path), tidy + tidy);
}

// Entries of machines that have not written for long go.
BOOST_FIXTURE_TEST_CASE(old_boots_are_forgotten, Tree) {
  leaf("main/a");
  for (int boot = 1; boot < 10; ++boot)
    note("main/a", fresh, "boot " + std::to_string(boot));
  folder.write(index_path,
               std::string(1 << 20, '\n') + folder.read(index_path));
  BOOST_CHECK(known("main/a"));
  for (int boot = 1; boot < 10; ++boot)
    BOOST_CHECK_EQUAL(known("main/a", "boot " + std::to_string(boot)),
                      boot == 1 || boot > 6);
}

// Who had it open goes on in the new one.
BOOST_FIXTURE_TEST_CASE(it_may_be_tidied_up_under_a_writer, Tree) {
  for (const auto* name : {"main/a", "main/b"}) leaf(name);
  auto index = this->index();
  index.append(entry(index, "main/a"));
  std::filesystem::remove(folder / index_path);
  index.append(entry(index, "main/b"));
  BOOST_CHECK(!known("main/a"));
  BOOST_CHECK(known("main/b"));
}

// What others can write, or lead elsewhere, is not believed.
BOOST_FIXTURE_TEST_CASE(files_of_others_are_not_believed, Tree) {
  leaf("main/a");
  note("main/a");
  const auto path = folder / index_path;
  const auto text = folder.read(index_path);
  const auto own = ".eh/journal-" + std::to_string(::geteuid()) + ".jsonl";
  ::chmod(path.c_str(), 0666);
  BOOST_CHECK(!known("main/a"));
  note("main/a");  // beside it
  BOOST_CHECK_EQUAL(folder.read(index_path), text);
  BOOST_CHECK(folder.exists(own));
  BOOST_CHECK(known("main/a"));
  std::filesystem::remove(folder / own);
  std::filesystem::remove(path);
  folder.write("elsewhere", text);
  std::filesystem::create_symlink("../elsewhere", path);
  BOOST_CHECK(!known("main/a"));
  note("main/a");
  BOOST_CHECK_EQUAL(folder.read("elsewhere"), text);
  std::filesystem::remove(folder / own);
  std::filesystem::remove(path);
  BOOST_REQUIRE_EQUAL(::mkfifo(path.c_str(), 0644), 0);
  BOOST_CHECK(!known("main/a"));
  // Nor is a folder that is one of somebody else's.
  std::filesystem::remove(path);
  folder.write("there/journal.jsonl", text);
  std::filesystem::remove(folder / ".eh");
  std::filesystem::create_symlink("there", folder / ".eh");
  BOOST_CHECK(!known("main/a"));
  auto index = this->index();
  BOOST_CHECK(!index.open());
}

BOOST_AUTO_TEST_CASE(it_is_only_a_help) {
  const TemporaryDirectory folder;  // without .eh: nothing can be written
  folder.write("main/a/eh.json", "{}");
  const ResultTree tree(folder.path(), {}, true);
  DoneIndex index(tree, "boot 1");
  BOOST_CHECK(!index.open());
  index.append("{}\n");
  index.load(1'000'000);
  BOOST_CHECK_EQUAL(index.size(), 0u);
  folder.write(".eh/journal.jsonl/x", "a folder");
  index.load(1'000'000);
  BOOST_CHECK_EQUAL(index.size(), 0u);
}

BOOST_AUTO_TEST_SUITE_END()
