// What is in the place of a file that is written.
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "data/file.h"
#include "data_support.h"

using namespace eh::host::test;
namespace fs = std::filesystem;

BOOST_FIXTURE_TEST_SUITE(data_path, DataFolder)

BOOST_AUTO_TEST_CASE(a_link_stays_one) {
  const fs::path base = folder.path();
  fs::create_directory(base / "there");
  folder.write("there/a.txt", "old");
  fs::create_symlink("there/a.txt", base / "relative.txt");
  fs::create_symlink(base / "relative.txt", base / "absolute.txt");
  write("absolute.txt", std::string("new"));
  BOOST_TEST(fs::is_symlink(base / "absolute.txt"));
  BOOST_TEST(fs::is_symlink(base / "relative.txt"));
  BOOST_TEST(folder.read("there/a.txt") == "new");
  fs::create_symlink("none.txt", base / "to-nothing.txt");
  write("to-nothing.txt", std::string("new"));
  BOOST_TEST(folder.read("none.txt") == "new");
  fs::create_symlink("circle.txt", base / "circle.txt");
  BOOST_TEST(refusal([&] { write("circle.txt", std::string()); }) ==
             "Too many levels of symbolic links");
}

BOOST_AUTO_TEST_CASE(what_is_no_file_stays) {
  const fs::path base = folder.path();
  BOOST_REQUIRE(::mkfifo((base / "pipe.txt").c_str(), 0600) == 0);
  // A device in whose place no file can be put, whatever is wrong here.
  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY);
  BOOST_REQUIRE(terminal >= 0);
  fs::create_symlink(::ptsname(terminal), base / "device.txt");
  fs::create_directory(base / "folder.txt");
  int ends[2];
  BOOST_REQUIRE(::pipe(ends) == 0);
  const auto end = "/proc/self/fd/" + std::to_string(ends[1]);
  fs::create_symlink(end, base / "end.txt");
  for (const std::string name : {"pipe.txt", "device.txt", "end.txt"})
    BOOST_TEST(refusal([&] { write(name, std::string("x")); }) ==
               "it is a device, a pipe or a socket and no file");
  BOOST_TEST(refusal([&] { write("folder.txt", std::string("x")); }) ==
             "Is a directory");
  BOOST_TEST(refusal([&] { read<std::string>("folder.txt"); }) ==
             "Is a directory");
  BOOST_TEST(fs::is_fifo(base / "pipe.txt"));
  BOOST_TEST(fs::is_character_file(base / "device.txt"));
  BOOST_TEST(folder.list().size() == 4u);
  ::close(ends[0]);
  ::close(ends[1]);
  ::close(terminal);
}

BOOST_AUTO_TEST_CASE(who_may_read_it_stays) {
  const fs::path base = folder.path();
  write("a.txt", std::string("old"));
  fs::permissions(base / "a.txt", fs::perms{0600});
  write("a.txt", std::string("new"));
  BOOST_CHECK(fs::status(base / "a.txt").permissions() == fs::perms{0600});
}

BOOST_AUTO_TEST_CASE(folders_that_are_not_there) {
  BOOST_TEST(refusal([&] { write("none/a.txt", std::string("x")); }) ==
             "there is no such folder");
}

BOOST_AUTO_TEST_CASE(what_a_killed_process_left_is_in_nobodys_way) {
  // The name that the next file has until it is whole, from that of this one.
  const int watch = ::inotify_init1(IN_CLOEXEC);
  BOOST_REQUIRE(::inotify_add_watch(watch, folder.path().c_str(), IN_CREATE) >=
                0);
  write("a.txt", std::string("x"));
  alignas(inotify_event) char event[4096];
  BOOST_REQUIRE(::read(watch, event, sizeof event) > 0);
  ::close(watch);
  const std::string name(event + sizeof(inotify_event));
  const auto digits = name.rfind('-') + 1;
  const auto count = std::stoul(name.substr(digits));
  for (unsigned i = 1; i <= 3; ++i)
    folder.write(name.substr(0, digits) + std::to_string(count + i), "left");
  write("a.txt", std::string("new"));
  BOOST_TEST(folder.read("a.txt") == "new");
  BOOST_TEST(folder.list().size() == 4u, "what others left stays");
}

BOOST_AUTO_TEST_CASE(threads_that_write_the_same_file) {
  std::vector<std::thread> threads;
  for (unsigned i = 1; i <= 8; ++i)
    threads.emplace_back([&, i] {
      for (int round = 0; round < 20; ++round) {
        write("a.csv.gz", std::vector<unsigned>(100 * i, i));
        const auto all = read<std::vector<unsigned>>("a.csv.gz");
        if (all.empty() || all.size() != 100 * all[0])
          write("torn.txt", all.size());
      }
    });
  for (auto& thread : threads) thread.join();
  BOOST_TEST(folder.list() == std::vector<std::string>{"a.csv.gz"});
}

// Such a folder would be found by no one who looks for the bucket.
BOOST_AUTO_TEST_CASE(addresses_are_no_folders) {
  using eh::host::write_data_file;
  const int here = ::open(folder.path().c_str(), O_DIRECTORY | O_CLOEXEC);
  const auto refusal_of = [&](const std::string& path) {
    return refusal([&] { write_data_file(here, path, [](auto&) {}); });
  };
  BOOST_TEST(refusal_of("s3://bucket/a.csv") ==
             "nothing is written to s3:// (use sftp://)");
  BOOST_TEST(has(refusal_of("HTTPS://host/a.csv"), "written to https://"));
  BOOST_TEST(has(refusal_of("git+a-b.c://host/a"), "to git+a-b.c://"));
  BOOST_TEST(refusal_of("3s://bucket/a.csv") == "nothing was refused");
  BOOST_TEST(folder.list() == std::vector<std::string>{"3s:"});
  ::close(here);
}

BOOST_AUTO_TEST_CASE(addresses_of_this_machine) {
  using Numbers = std::vector<double>;
  const auto data_of = [&](const std::string& begin, const std::string& name) {
    return begin + folder.path() + '/' + name;
  };
  const Numbers numbers = {1, 0.5};
  const auto to = [](const std::string& path, const Numbers& values) {
    eh::detail::write_data(DataFolder::host(), path, values);
  };
  const auto at = [](const std::string& path) {
    return eh::detail::read_data<Numbers>(DataFolder::host(), path);
  };
  to(data_of("file://", "a%20b%25.csv.gz"), numbers);
  BOOST_TEST(folder.list() == std::vector<std::string>{"a b%.csv.gz"});
  BOOST_TEST(at(data_of("FILE://localhost", "a b%25.csv.gz")) == numbers);
  BOOST_TEST(read<Numbers>("a b%.csv.gz") == numbers);
  BOOST_TEST(refusal([&] { at(data_of("file://", "none.csv")); }) ==
             "there is no such file");
  BOOST_TEST(refusal([&] { at(data_of("file://", "a%2.csv")); }) ==
             "in the address '%' stands before no two hexadecimal digits"
             " (write %25 for '%')");
  BOOST_TEST(refusal([&] { to("file://data/a.csv", numbers); }) ==
             "the address names the host 'data' (write file:///path with three"
             " slashes, or sftp://)");
  BOOST_TEST(refusal([&] { at("file://"); }) == "the name is empty");
}

BOOST_AUTO_TEST_SUITE_END()
