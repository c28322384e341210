#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "os/below.h"
#include "os/file.h"
#include "os/walk.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(os_tree_files)

namespace {

// A folder with a link for each way out of it.
struct Tree {
  Tree() {
    outside.write("precious", "x");
    outside.write("sub/file", "y");
    std::filesystem::create_directories(folder / "main");
    link(".eh");
    link("main/a");
    link("theirs");
    link("broken/.eh");
    std::filesystem::create_symlink(outside / "precious",
                                    folder / "main/eh.json");
    std::filesystem::create_symlink(outside / "precious",
                                    folder / "main/.eh-lease");
    if (is_root()) {
      constexpr uid_t nobody = 65534;
      BOOST_REQUIRE_EQUAL(::lchown((folder / "theirs").c_str(), nobody, nobody),
                          0);
    }
  }
  static bool is_root() { return ::geteuid() == 0; }
  void link(const std::string& at) const {
    const auto path = std::filesystem::path(folder / at);
    std::filesystem::create_directories(path.parent_path());
    std::filesystem::create_directory_symlink(outside.path(), path);
  }
  int error_of(const std::string& path, int flags = O_RDONLY) const {
    errno = 0;
    return below::open(fd.get(), path, flags, 0666) ? 0 : errno;
  }

  TemporaryDirectory folder, outside;
  Fd fd{::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY)};
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(what_is_ones_own_is_followed, Tree) {
  BOOST_CHECK_EQUAL(error_of("main/a/precious"), 0);
  BOOST_CHECK_EQUAL(error_of("main/eh.json"), 0);
  BOOST_CHECK_EQUAL(error_of("main/a/sub", O_RDONLY | O_DIRECTORY), 0);
  BOOST_CHECK_EQUAL(*read_file(fd.get(), "main/a/sub/file"), "y");
  replace_file(fd.get(), "main/a/made", "main/a/made.tmp", "z");
  BOOST_CHECK_EQUAL(outside.read("made"), "z");
}

BOOST_FIXTURE_TEST_CASE(what_is_ehs_own_is_not, Tree) {
  for (const auto* path : {".eh", ".eh/precious", "broken/.eh/precious",
                           "broken/.eh/sub/file", "main/.eh-lease"})
    BOOST_CHECK_MESSAGE(error_of(path) == ELOOP || error_of(path) == ENOTDIR,
                        path);
  BOOST_CHECK_THROW(read_file(fd.get(), ".eh/precious"), std::system_error);
  BOOST_CHECK_THROW(make_directories(fd.get(), ".eh/runs"), std::system_error);
  BOOST_CHECK_THROW(replace_file(fd.get(), ".eh/x", ".eh/x.tmp", "z"),
                    std::system_error);
  BOOST_CHECK_NE(below::make_folder(fd.get(), "broken/.eh/attempts"), 0);
  BOOST_CHECK_NE(below::rename(fd.get(), "main/eh.json", ".eh/x"), 0);
  BOOST_CHECK_NE(below::remove_file(fd.get(), ".eh/precious"), 0);
  BOOST_TEST(outside.list() == (Texts{"precious", "sub"}));
}

BOOST_FIXTURE_TEST_CASE(nothing_is_written_through_a_link, Tree) {
  BOOST_CHECK_EQUAL(error_of("main/eh.json", O_WRONLY | O_APPEND), ELOOP);
  BOOST_CHECK_EQUAL(error_of("main/eh.json", O_WRONLY | O_CREAT), ELOOP);
  replace_file(fd.get(), "main/eh.json", "main/eh.json.tmp", "new");
  BOOST_CHECK_EQUAL(outside.read("precious"), "x");
  BOOST_CHECK_EQUAL(folder.read("main/eh.json"), "new");
}

BOOST_FIXTURE_TEST_CASE(no_pipe_is_waited_for, Tree,
                        *boost::unit_test::timeout(60)) {
  BOOST_REQUIRE_EQUAL(::mkfifo((folder / "main/pipe").c_str(), 0600), 0);
  std::filesystem::create_directory_symlink(folder / "main", folder / "there");
  for (const std::string above : {"main/", "there/"}) {
    BOOST_CHECK_EQUAL(error_of(above + "pipe", O_WRONLY | O_CREAT), ENXIO);
    BOOST_CHECK_EQUAL(error_of(above + "pipe", O_WRONLY | O_APPEND), ENXIO);
    BOOST_CHECK_EQUAL(error_of(above + "pipe"), 0);
    BOOST_CHECK_EQUAL(*read_file(fd.get(), above + "pipe"), "");
    BOOST_CHECK_EQUAL(error_of(above, O_PATH | O_DIRECTORY), 0);
  }
}

BOOST_FIXTURE_TEST_CASE(links_of_others_are_not_followed, Tree) {
  if (!is_root()) return;
  BOOST_CHECK_EQUAL(error_of("theirs/precious"), ELOOP);
  BOOST_CHECK_THROW(list_directory(fd.get(), "theirs"), std::system_error);
}

BOOST_FIXTURE_TEST_CASE(ways_out_are_none, Tree) {
  BOOST_CHECK_NE(error_of("../" + outside.path().substr(5) + "/precious"), 0);
  BOOST_CHECK_NE(error_of(outside.path() + "/precious"), 0);
}

BOOST_FIXTURE_TEST_CASE(removing_follows_nothing, Tree) {
  BOOST_CHECK_EQUAL(remove_tree(fd.get(), "main"), 3u);
  BOOST_CHECK_EQUAL(remove_tree(fd.get(), "broken"), 1u);
  BOOST_CHECK_EQUAL(remove_tree(fd.get(), ".eh"), 1u);
  BOOST_CHECK_EQUAL(remove_tree(fd.get(), "nothing"), 0u);
  BOOST_TEST(outside.list() == (Texts{"precious", "sub"}));
}

BOOST_FIXTURE_TEST_CASE(no_depth_is_too_deep, Tree) {
  // Deeper than any path may be, and than files may be open.
  constexpr int levels = 1500;
  Fd at(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY));
  std::string path = "deep";
  for (int i = 0; i < levels; ++i) {
    BOOST_REQUIRE_EQUAL(::mkdirat(at.get(), "deep", 0777), 0);
    at = Fd(::openat(at.get(), "deep", O_RDONLY | O_DIRECTORY));
    if (i > 0) path += "/deep";
  }
  BOOST_CHECK(below::open(fd.get(), path, O_RDONLY | O_DIRECTORY));
  replace_file(fd.get(), path + "/file", path + "/tmp", "text");
  copy_tree(fd.get(), "deep", "copy", [] {});
  path.replace(0, 4, "copy");
  BOOST_CHECK_EQUAL(*read_file(fd.get(), path + "/file"), "text");
  BOOST_CHECK_EQUAL(remove_tree(fd.get(), "deep"), 1u);
  BOOST_CHECK_EQUAL(remove_tree(fd.get(), "copy"), 1u);
  BOOST_CHECK(!folder.exists("deep"));
}

BOOST_FIXTURE_TEST_CASE(copies_are_alike, Tree) {
  folder.write("from/a/file", std::string(100'000, 'x'));
  folder.write("from/empty", "");
  std::filesystem::create_symlink("nowhere", folder / "from/link");
  std::filesystem::permissions(
      folder / "from/a",
      std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  set_changed(folder / "from/a/file", -1000);
  copy_tree(fd.get(), "from", "to", [] {});
  BOOST_TEST(folder.list("to") == (Texts{"a", "empty", "link"}));
  BOOST_CHECK_EQUAL(folder.read("to/a/file"), std::string(100'000, 'x'));
  BOOST_CHECK(std::filesystem::last_write_time(folder / "from/a/file") ==
              std::filesystem::last_write_time(folder / "to/a/file"));
  BOOST_CHECK_EQUAL(std::filesystem::read_symlink(folder / "to/link"),
                    "nowhere");
  BOOST_CHECK(std::filesystem::status(folder / "from/a").permissions() ==
              std::filesystem::status(folder / "to/a").permissions());
  BOOST_CHECK_EQUAL(remove_tree(fd.get(), "to"), 3u);  // read-only or not
}

BOOST_AUTO_TEST_SUITE_END()
