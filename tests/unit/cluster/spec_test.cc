#include "cluster/spec.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "base/error.h"
#include "os/file.h"
#include "support.h"

namespace eh::host::test {
namespace {

constexpr char run[] = "20260131T100000Z-1f2e3d";

struct Tree {
  Tree() : fd(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY)) {
    make_directories(fd.get(), run_folder(run));
  }
  static std::string file(const std::string& name) {
    return run_folder(run) + '/' + name;
  }
  TemporaryDirectory folder;
  Fd fd;
};

RunSpec full_spec() {
  RunSpec spec;
  spec.run_id = run;
  spec.group = "main";
  spec.command = "eh-host main '*' --slurm";
  spec.launch_directory = "/home/ada";
  spec.output = "/home/ada/my results";
  spec.started = "2026-01-31T10:00:00.000Z";
  spec.user = "ada";
  spec.eh = "1.2.3";
  spec.chosen = 7;
  spec.done_before = 2;
  spec.stale = 1;
  spec.file = ConfigText{"eh.config.json", "cluster", "{\"jobs\": 4} // \"\n",
                         "/home/ada", true};
  spec.variables = {{"EH_NUMBER", "7"}, {"EH_TEXT", "a\nb"}};
  spec.settings = {{"number", "8", "--set", false},
                   {"plugins", {}, "--plugin", true, parse_json("[\"a.so\"]")}};
  spec.verbosity = 2;
  spec.plugins = {{"/build/liba.so", "/copies/liba.so", "abc"},
                  {"/build/measure", "/copies/measure", "def", true}};
  spec.host = "/copies/eh-host";
  spec.program = "measure";
  spec.plan = {true, 5, 3, 2, {3, 1, 1}, {{0, 2, 1}, {2, 1, 0, 0}}};
  return spec;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(cluster_spec, Tree)

BOOST_AUTO_TEST_CASE(a_spec_is_read_as_it_was_written) {
  const auto spec = full_spec();
  write_spec(fd.get(), spec, {{{0, 3}, "a/b c"}, {{2, 0}, "d"}});
  const auto read = read_spec(fd.get(), run);
  BOOST_TEST(read.group == spec.group);
  BOOST_TEST(read.command == spec.command);
  BOOST_TEST(read.launch_directory == spec.launch_directory);
  BOOST_TEST(read.output == spec.output);
  BOOST_TEST(read.started == spec.started);
  BOOST_TEST(read.user == "ada");
  BOOST_TEST(read.eh == "1.2.3");
  BOOST_TEST(read.chosen == 7u);
  BOOST_TEST(read.done_before == 2u);
  BOOST_TEST(read.stale.value() == 1u);
  BOOST_TEST(read.file->text == spec.file->text);
  BOOST_TEST(read.file->path == "eh.config.json");
  BOOST_TEST(read.file->section == "cluster");
  BOOST_TEST(read.file->directory == "/home/ada");
  BOOST_TEST(read.file->others_read);
  BOOST_TEST(read.variables == spec.variables);
  BOOST_REQUIRE_EQUAL(read.settings.size(), 2u);
  BOOST_TEST(read.settings[0].text == "8");
  BOOST_TEST(!read.settings[0].value);
  BOOST_TEST(read.settings[1].keeps_paths);
  BOOST_TEST(json_text(*read.settings[1].value) == "[\"a.so\"]");
  BOOST_TEST(read.verbosity == 2);
  BOOST_TEST(read.plugins.at(0).path == "/build/liba.so");
  BOOST_TEST(read.plugins.at(0).copy == "/copies/liba.so");
  BOOST_TEST(read.plugins.at(0).sha1 == "abc");
  BOOST_TEST(!read.plugins.at(0).is_program);
  BOOST_TEST(read.plugins.at(1).copy == "/copies/measure");
  BOOST_TEST(read.plugins.at(1).is_program);
  BOOST_TEST(read.host == "/copies/eh-host");
  BOOST_TEST(read.program == "measure");
  BOOST_TEST(read.plan.pack);
  BOOST_TEST(read.plan.tasks == 3u);
  BOOST_TEST(read.plan.slots == 2u);
  BOOST_TEST(read.plan.blocks == spec.plan.blocks);
  BOOST_REQUIRE_EQUAL(read.plan.arrays.size(), 2u);
  BOOST_TEST(!read.plan.arrays[0].after);
  BOOST_TEST(read.plan.arrays[1].first == 2u);
  BOOST_TEST(read.plan.arrays[1].after.value() == 0u);
  const auto experiments = read_experiments(fd.get(), run);
  BOOST_REQUIRE_EQUAL(experiments.size(), 2u);
  BOOST_TEST(experiments[0].name == "a/b c");
  BOOST_TEST(experiments[0].at.point == 3u);
  BOOST_TEST(experiments[1].at.family == 2u);
}

BOOST_AUTO_TEST_CASE(nobody_else_can_read_the_configuration) {
  write_spec(fd.get(), full_spec(), {});
  struct stat info;
  BOOST_REQUIRE(::fstatat(fd.get(), file("spec.json").c_str(), &info, 0) == 0);
  BOOST_TEST((info.st_mode & 077) == 0u);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_told) {
  const auto says = [](const std::string& words) {
    return [words](const Error& error) {
      return std::string(error.what()).find(words) != std::string::npos;
    };
  };
  BOOST_CHECK_EXCEPTION(read_spec(fd.get(), "no-such"), Error,
                        says("there is no run 'no-such'"));
  BOOST_CHECK_EXCEPTION(read_spec(fd.get(), run), Error,
                        says("did not run on a cluster"));
  folder.write(file("spec.json"), "{\"format\":1,\"run\":7}");
  BOOST_CHECK_EXCEPTION(read_spec(fd.get(), run), Error,
                        says("no usable spec.run"));
  folder.write(file("spec.json"), "{\"format\":99}");
  BOOST_CHECK_EXCEPTION(read_spec(fd.get(), run), Error,
                        says("another version"));
  folder.write(file("spec.json"), "{torn");
  BOOST_CHECK_THROW(read_spec(fd.get(), run), Error);
  folder.write(file("experiments.txt"), "0 0 a\n0 x b\n");
  BOOST_CHECK_EXCEPTION(read_experiments(fd.get(), run), Error, says("line 2"));
}

BOOST_AUTO_TEST_CASE(runs_are_found_by_parts_of_their_id) {
  BOOST_CHECK_THROW(find_run(fd.get(), ""), Error);
  write_spec(fd.get(), full_spec(), {});
  auto later = full_spec();
  later.run_id = "20260201T090000Z-abcdef";
  make_directories(fd.get(), run_folder(later.run_id));
  write_spec(fd.get(), later, {});
  make_directories(fd.get(), run_folder("20260301T000000Z-local1"));
  BOOST_TEST(find_run(fd.get(), "") == later.run_id);
  BOOST_TEST(find_run(fd.get(), "1f2e3d") == run);
  BOOST_TEST(find_run(fd.get(), "20260201") == later.run_id);
  BOOST_TEST(find_run(fd.get(), run) == run);
  BOOST_CHECK_THROW(find_run(fd.get(), "2026"), Error);
  BOOST_CHECK_THROW(find_run(fd.get(), "local1"), Error);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace eh::host::test
