#include "os/own_copy.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "base/error.h"
#include "base/sha1.h"
#include "catalog/snapshot.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(os_own_copy)

namespace {

struct Copies {
  Copies() { folder.write("built/libx.so", content); }

  std::string place() const {
    return own_place(folder / "plugins", sha1).value();
  }
  std::string path() const { return place() + "/libx.so"; }
  bool keep() const {
    return keep_copy(folder / "built/libx.so", path(), sha1);
  }
  std::string name(const std::string& path) const {
    return path.substr(folder.path().size() + 1);
  }
  // Whether a copy was put right.
  bool is_mended() const {
    return keep() && folder.read(name(path())) == content &&
           folder.list(name(place())) == Texts{"libx.so"};
  }
  mode_t mode(const std::string& path) const {
    struct stat info;
    BOOST_REQUIRE_EQUAL(::lstat(path.c_str(), &info), 0);
    return info.st_mode & 07777;
  }
  // Makes it another user's, which only root can.
  static bool give_away(const std::string& path) {
    return ::lchown(path.c_str(), 65534, 65534) == 0;
  }

  TemporaryDirectory folder;
  const std::string content = std::string(3'000'000, 'x') + "end";
  const std::string sha1 = sha1_text(content);
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_copy_is_made_once, Copies) {
  BOOST_CHECK(is_mended());
  BOOST_CHECK_EQUAL(name(path()), "plugins/" + sha1 + "/libx.so");
  const auto before = file_identity(path());
  BOOST_CHECK(is_mended());
  BOOST_CHECK_EQUAL(file_identity(path()), before);
}

BOOST_FIXTURE_TEST_CASE(what_is_not_right_is_made_again, Copies) {
  keep();
  for (const auto& torn :
       {std::string(), content.substr(0, 1'000'000), content + "more",
        std::string(content.size(), '\0'), std::string("planted")}) {
    folder.write(name(path()), torn);
    BOOST_CHECK(is_mended());
  }
}

BOOST_FIXTURE_TEST_CASE(no_link_is_followed, Copies) {
  keep();
  std::filesystem::remove(path());
  std::filesystem::create_symlink(folder / "built/libx.so", path());
  BOOST_CHECK(is_mended());
  BOOST_CHECK(!std::filesystem::is_symlink(path()));
  std::filesystem::remove(path());
  BOOST_REQUIRE_EQUAL(::mkfifo(path().c_str(), 0600), 0);
  BOOST_CHECK(is_mended());
}

BOOST_FIXTURE_TEST_CASE(what_others_can_write_is_made_again, Copies) {
  const auto old_mask = ::umask(0);
  keep();
  BOOST_CHECK_EQUAL(mode(path()), 0755u);
  BOOST_CHECK_EQUAL(mode(place()), 0755u);
  for (const mode_t writable : {0775, 0757}) {
    ::chmod(path().c_str(), writable);
    BOOST_CHECK(is_mended());
    BOOST_CHECK_EQUAL(mode(path()), 0755u);
    for (const auto& its : {place(), folder / "plugins"}) {
      ::chmod(its.c_str(), writable);
      BOOST_CHECK_EQUAL(name(place()), "plugins/" + sha1);
      BOOST_CHECK_EQUAL(mode(its), 0755u);
    }
  }
  ::umask(old_mask);
}

BOOST_FIXTURE_TEST_CASE(what_is_of_another_user_is_not_used, Copies) {
  keep();
  if (!give_away(path())) return;  // not root
  BOOST_CHECK(is_mended());
  struct stat info;
  BOOST_REQUIRE_EQUAL(::stat(path().c_str(), &info), 0);
  BOOST_CHECK_EQUAL(info.st_uid, ::geteuid());
  const auto own = "plugins-" + std::to_string(::geteuid()) + '/' + sha1;
  give_away(place());
  BOOST_CHECK_EQUAL(name(place()), own);
  BOOST_CHECK(is_mended());
  std::filesystem::remove_all(folder / "plugins");
  BOOST_CHECK_EQUAL(name(place()), "plugins/" + sha1);
  give_away(folder / "plugins");
  BOOST_CHECK_EQUAL(name(place()), own);
  give_away(folder / own);
  BOOST_CHECK(!own_place(folder / "plugins", sha1));
}

BOOST_FIXTURE_TEST_CASE(links_are_no_place, Copies) {
  std::filesystem::create_directory(folder / "elsewhere");
  std::filesystem::create_symlink("elsewhere", folder / "plugins");
  BOOST_CHECK_EQUAL(name(place()),
                    "plugins-" + std::to_string(::geteuid()) + '/' + sha1);
  BOOST_CHECK(folder.list("elsewhere").empty());
}

// Two hosts that begin at once may both make it.
BOOST_FIXTURE_TEST_CASE(a_copy_that_another_host_makes_again_will_do, Copies) {
  const PluginSnapshot snapshot(folder / "built/libx.so", folder / "plugins");
  const auto copied = snapshot.path();
  const auto before = file_identity(copied);
  folder.write(name(copied), "torn");
  BOOST_CHECK(is_mended());
  BOOST_CHECK_NE(file_identity(copied), before);
  BOOST_CHECK_EQUAL(snapshot.path(), copied);
  folder.write(name(copied), "planted");
  BOOST_CHECK_THROW(snapshot.path(), Error);
}

BOOST_FIXTURE_TEST_CASE(what_is_being_written_is_not_copied, Copies) {
  folder.write("built/libx.so", "other");
  BOOST_CHECK(!keep());
  BOOST_CHECK(folder.list(name(place())).empty());
}

BOOST_AUTO_TEST_SUITE_END()
