// Layers: who wins, and what each value says of its origin.
#include "config/sources.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "config/check.h"
#include "config_support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(config_sources)

BOOST_AUTO_TEST_CASE(defaults_and_the_class) {
  const ConfigFixture world;
  BOOST_CHECK_EQUAL(world.value("number"), "42 class MyConfig");
  BOOST_CHECK_EQUAL(world.value("model.rate"), "0.1 class MyConfig");
  BOOST_CHECK_EQUAL(world.value("output_directory"), "\"out\" class MyConfig");
  BOOST_CHECK_EQUAL(world.value("slurm.gpus"), "1 class MyConfig");
  BOOST_CHECK_EQUAL(world.value("workers"), "1 default");
  BOOST_CHECK_EQUAL(world.value("output_directory", "plain"),
                    "\"results\" default");
  BOOST_CHECK_EQUAL(world.value("number", "other"), "0.5 class Other");
}

BOOST_AUTO_TEST_CASE(later_layers_win) {
  const std::string file = "{\n  \"number\": 1, \"workers\": 2\n}";
  BOOST_CHECK_EQUAL(ConfigFixture(file).value("number"), "1 FILE:2:3");
  BOOST_CHECK_EQUAL(ConfigFixture(file).value("workers"), "2 FILE:2:16");
  BOOST_CHECK_EQUAL(
      ConfigFixture(file, {}, {{"EH_NUMBER", "3"}}).value("number"),
      "3 EH_NUMBER");
  BOOST_CHECK_EQUAL(ConfigFixture(file, {{"number", "4"}}, {{"EH_NUMBER", "3"}})
                        .value("number"),
                    "4 --set");
  BOOST_CHECK_EQUAL(
      ConfigFixture(file, {{"number", "4"}, {"number", "5"}}).value("number"),
      "5 --set");
  // What one layer does not say, those below do.
  BOOST_CHECK_EQUAL(ConfigFixture(file, {{"message", "x"}}).value("number"),
                    "1 FILE:2:3");
}

BOOST_AUTO_TEST_CASE(structs_merge_and_lists_are_replaced) {
  const ConfigFixture world(
      R"({"model": {"layers": 5}, "sizes": [1, 2], "weights": {"b": 2}})",
      {{"model.rate", "0.25"}, {"sizes", "7"}});
  BOOST_CHECK_EQUAL(world.value("model.layers"), "5 FILE:1:12");
  BOOST_CHECK_EQUAL(world.value("model.rate"), "0.25 --set");
  BOOST_CHECK_EQUAL(world.value("sizes"), "[7] --set");
  BOOST_CHECK_EQUAL(world.value("weights"), "{\"b\":2} FILE:1:43");
}

BOOST_AUTO_TEST_CASE(an_entry_of_a_map_can_be_set) {
  const ConfigFixture world(R"({"weights": {"b": 2}})",
                            {{"weights.c", "3"}, {"weights.b", "4"}});
  BOOST_CHECK_EQUAL(world.value("weights"), R"({"b":4,"c":3} --set)");
  BOOST_CHECK_EQUAL(world.mistakes(), "");
  BOOST_CHECK_EQUAL(ConfigFixture("", {{"weights.a", "x"}}).mistakes(),
                    "cannot use the configuration: --set weights.a: expected"
                    " a number, not \"x\"");
}

BOOST_AUTO_TEST_CASE(only_the_entry_that_is_set_is_read) {
  const auto here = std::filesystem::current_path().string();
  const ConfigFixture world("", {{"places.a", "~/y"}, {"places.c", "z"}},
                            {{"EH_PLACES", R"({"d": "/d"})"}});
  ::setenv("HOME", "/home/me", 1);
  BOOST_CHECK_EQUAL(
      world.value("places", "other"),
      R"({"a":"/home/me/y","c":")" + here + R"(/z","d":"/d"} --set)");
  // That of the class stays as it is.
  BOOST_CHECK_EQUAL(
      ConfigFixture("", {{"places.a", "/y"}}).value("places", "other"),
      R"({"a":"/y","b":"x"} --set)");
}

BOOST_AUTO_TEST_CASE(what_is_json_stays_json) {
  const ConfigFixture world;
  const auto given = [&](const std::string& name, const std::string& json) {
    const ConfigSources sources(
        {}, {}, {{name, {}, "run_group()", true, parse_json(json)}});
    try {
      check_all(sources, world.schemas, "other");
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return json_text(sources.resolve(world.schemas.of("other"), "other")
                         .at(name == "slurm" ? "slurm.qos" : name)
                         .value);
  };
  BOOST_CHECK_EQUAL(given("note", "\"null\""), "\"null\"");
  BOOST_CHECK_EQUAL(given("note", "null"), "null");
  BOOST_CHECK_EQUAL(given("extra", "\"[5]\""), "\"[5]\"");
  BOOST_CHECK_EQUAL(given("places", R"({"a": "~/x"})"), R"({"a":"~/x"})");
  BOOST_CHECK_EQUAL(given("slurm", R"({"qos": "{\"gpus\": 1}"})"),
                    R"("{\"gpus\": 1}")");
  for (const char* wrong : {"5", "null", "true"})
    BOOST_CHECK_EQUAL(given("extra", wrong),
                      "cannot use the configuration: run_group() extra:"
                      " expected a text in quotes, not " +
                          std::string(wrong));
  BOOST_CHECK(has(given("number", "\"5\""), "expected a number, not \"5\""));
  BOOST_CHECK_EQUAL(given("slack", R"({"token": "xoxb-1"})"),
                    "cannot use the configuration: run_group() slack.token: a"
                    " secret is not set in code (use EH_SLACK_TOKEN, or"
                    " slack.token_file with a private file)");
  // Also within a struct that was set as a whole.
  const ConfigFixture parts("", {{"model", R"({"layers": "7"})"}});
  BOOST_CHECK(has(parts.mistakes(), "--set model.layers: expected a whole"));
}

BOOST_AUTO_TEST_CASE(texts_that_are_no_utf8) {
  const std::string text = "caf\xe9";
  BOOST_CHECK_EQUAL(ConfigFixture("", {{"message", text}}).mistakes(),
                    "cannot use the configuration: --set message: this is"
                    " not UTF-8 (write it in UTF-8)");
  for (const char* name : {"message", "sizes", "weights", "data", "model"})
    BOOST_CHECK(has(ConfigFixture("", {{name, text}}).mistakes(),
                    std::string("--set ") + name + ": "));
  BOOST_CHECK(has(ConfigFixture("", {{"weights." + text, "1"}}).mistakes(),
                  "this is not UTF-8"));
  BOOST_CHECK(has(ConfigFixture("", {}, {{"EH_DATA", text}}).mistakes(),
                  "the environment's EH_DATA: this is not UTF-8"));
  ::setenv("EH_TEST_SCRATCH", text.c_str(), 1);
  BOOST_CHECK(
      has(ConfigFixture(R"({"data": "${EH_TEST_SCRATCH}/x"})").mistakes(),
          "FILE:1:10: data: the path that it stands for is not UTF-8"));
  ::unsetenv("EH_TEST_SCRATCH");
}

BOOST_AUTO_TEST_CASE(names_of_the_python_original) {
  const ConfigFixture world(R"({"slurm_gpus": 2, "slurm": true})",
                            {{"slurm_qos", "long"}});
  BOOST_CHECK_EQUAL(world.value("slurm.gpus"), "2 FILE:1:2");
  BOOST_CHECK_EQUAL(world.value("slurm.enabled"), "true FILE:1:19");
  BOOST_CHECK_EQUAL(world.value("slurm.qos"), "\"long\" --set");
  BOOST_CHECK_EQUAL(
      ConfigFixture("", {{"slurm", "true"}}).value("slurm.enabled"),
      "true --set");
}

BOOST_AUTO_TEST_CASE(variables) {
  const ConfigFixture world("", {},
                            {{"EH_SLURM_GPUS", "3"},
                             {"EH_MODEL_LAYERS", "9"},
                             {"EH_SIZES", "1,2"},
                             {"EH_WEIGHTS", "{\"z\":1}"},
                             {"EH_MESSAGE", ""},
                             {"EH_SEED", "5"}});
  BOOST_CHECK_EQUAL(world.value("slurm.gpus"), "3 EH_SLURM_GPUS");
  BOOST_CHECK_EQUAL(world.value("model.layers"), "9 EH_MODEL_LAYERS");
  BOOST_CHECK_EQUAL(world.value("sizes"), "[1,2] EH_SIZES");
  BOOST_CHECK_EQUAL(world.value("weights"), "{\"z\":1} EH_WEIGHTS");
  // An empty one is as good as none.
  BOOST_CHECK_EQUAL(world.value("message"), "\"Hello\" class MyConfig");
  BOOST_CHECK_EQUAL(world.mistakes(), "");
}

BOOST_AUTO_TEST_CASE(a_whole_struct_can_be_set) {
  const ConfigFixture world("", {{"model", R"({"layers": 8})"}},
                            {{"EH_MODEL", R"({"layers": 7, "rate": 2})"},
                             {"EH_MODEL_RATE", "3"},
                             {"EH_SLURM", "true"}});
  BOOST_CHECK_EQUAL(world.mistakes(), "");
  BOOST_CHECK_EQUAL(world.value("model.layers"), "8 --set");
  BOOST_CHECK_EQUAL(world.value("model.rate"), "3 EH_MODEL_RATE");
  BOOST_CHECK_EQUAL(world.value("slurm.enabled"), "true EH_SLURM");
  BOOST_CHECK_EQUAL(
      ConfigFixture("", {{"model", R"({"layer": 8})"}}).mistakes(),
      "cannot use the configuration: --set model.layer: there is no value"
      " 'model.layer' in group 'main', did you mean 'layers'?");
  BOOST_CHECK(has(ConfigFixture("", {{"model", "8"}}).mistakes(),
                  "--set model: 'model' has parts"));
  BOOST_CHECK(has(ConfigFixture("", {}, {{"EH_MODEL", "{"}}).mistakes(),
                  "the environment's EH_MODEL: 'model' has parts"));
}

BOOST_AUTO_TEST_CASE(groups_and_experiments) {
  const ConfigFixture world(R"({
    "timeout": "1s",
    "experiments": {"sweep/*": {"timeout": "2s", "message": "s"},
                    "a": {"timeout": "3s"}},
    "groups": {"main": {"timeout": "4s", "number": 7,
                        "experiments": {"sweep/2": {"timeout": "5s"}}}}})");
  BOOST_CHECK_EQUAL(world.mistakes(), "");
  const auto timeout = [&](const char* group, const char* name) {
    const auto text = world.value("timeout", group, name);
    return text.substr(0, text.find(' '));
  };
  BOOST_CHECK_EQUAL(timeout("main", ""), "\"4s\"");
  BOOST_CHECK_EQUAL(timeout("main", "b"), "\"4s\"");
  BOOST_CHECK_EQUAL(timeout("main", "a"), "\"3s\"");
  BOOST_CHECK_EQUAL(timeout("main", "sweep/1"), "\"2s\"");
  BOOST_CHECK_EQUAL(timeout("main", "sweep/2"), "\"5s\"");
  BOOST_CHECK_EQUAL(timeout("plain", "b"), "\"1s\"");
  BOOST_CHECK_EQUAL(timeout("plain", "sweep/2"), "\"2s\"");
  BOOST_CHECK_EQUAL(world.value("number", "other", "a"), "0.5 class Other");
  BOOST_CHECK((world.sources->patterns("main") ==
               std::vector<std::string>{"sweep/*", "a", "sweep/2"}));
  BOOST_CHECK_EQUAL(world.sources->patterns("other").size(), 2u);
}

BOOST_AUTO_TEST_CASE(a_pattern_may_name_a_folder) {
  BOOST_CHECK(ConfigPattern("sweep").matches("sweep/1/2"));
  BOOST_CHECK(ConfigPattern("sweep/").matches("sweep/1"));
  BOOST_CHECK(ConfigPattern("sweep").matches("sweep"));
  BOOST_CHECK(ConfigPattern("*").matches("sweep/1"));
  BOOST_CHECK(!ConfigPattern("sweep").matches("sweeper/1"));
  BOOST_CHECK(!ConfigPattern("").matches("a"));
}

BOOST_AUTO_TEST_CASE(sections) {
  const std::string file = R"({
    "number": 1, "message": "top",
    "experiments": {"a": {"retries": 1}},
    "sections": {
      "base": {"number": 2, "workers": 2, "retries": 7},
      "gpu": {"extends": "base", "workers": 3,
              "groups": {"main": {"message": "gpu"}}},
      "both": {"extends": ["gpu", "base"], "jobs": 4}
    }})";
  const auto value = [&](const char* section, const char* name,
                         const char* experiment = "") {
    const ConfigFixture world(file, {}, {}, section);
    BOOST_CHECK_EQUAL(world.mistakes(), "");
    const auto text = world.value(name, "main", experiment);
    return text.substr(0, text.find(' '));
  };
  BOOST_CHECK_EQUAL(value("", "number"), "1");
  BOOST_CHECK_EQUAL(value("", "workers"), "1");
  BOOST_CHECK_EQUAL(value("base", "number"), "2");
  BOOST_CHECK_EQUAL(value("base", "message"), "\"top\"");
  BOOST_CHECK_EQUAL(value("gpu", "number"), "2");
  BOOST_CHECK_EQUAL(value("gpu", "workers"), "3");
  BOOST_CHECK_EQUAL(value("gpu", "message"), "\"gpu\"");
  BOOST_CHECK_EQUAL(value("both", "jobs"), "4");
  BOOST_CHECK_EQUAL(value("both", "workers"), "3");
  // The more special wins, wherever it stands.
  BOOST_CHECK_EQUAL(value("base", "retries", "a"), "1");
}

BOOST_AUTO_TEST_CASE(relative_paths_are_relative_to_the_file) {
  const ConfigFixture world(R"({"data": "sets/1", "output_directory": "/r"})");
  BOOST_CHECK_EQUAL(world.value("data"), "\"/cfg/sets/1\" FILE:1:2");
  BOOST_CHECK_EQUAL(world.value("output_directory"), "\"/r\" FILE:1:20");
  // Those of a class stay.
  BOOST_CHECK_EQUAL(ConfigFixture().value("data"), "\"data\" class MyConfig");
}

BOOST_AUTO_TEST_CASE(what_an_experiment_is_given) {
  BOOST_CHECK_EQUAL(ConfigFixture().resolve("plain").experiment_json(), "");
  BOOST_CHECK_EQUAL(ConfigFixture().resolve("plain").own_json(), "");
  const ConfigFixture world(R"({"timeout": "1s", "slack": {"token": "x"},
                              "plugins": ["a"], "model": {"layers": 4}})");
  BOOST_CHECK_EQUAL(
      world.resolve().own_json(),
      R"({"data":"data","message":"Hello","model":{"layers":4,"rate":0.1},)"
      R"("number":42,"sizes":[],"weights":{"a":1}})");
  BOOST_CHECK_EQUAL(
      world.resolve().experiment_json(),
      R"({"output_directory":"out","timeout":"1s","slurm":{"gpus":1},)"
      R"("message":"Hello","number":42,"sizes":[],"weights":{"a":1},)"
      R"("data":"data","model":{"layers":4,"rate":0.1}})");
}

BOOST_AUTO_TEST_CASE(secrets_come_from_a_private_file) {
  const ConfigFixture inline_one(R"({"slack": {"token": "xoxb-1"}})");
  BOOST_CHECK_EQUAL(inline_one.mistakes(), "");
  BOOST_CHECK_EQUAL(secret(inline_one.resolve(), "slack.token"), "xoxb-1");
  const ConfigSources readable(
      ConfigText{"FILE", "", R"({"slack": {"token": "xoxb-1"}})", "/cfg", true},
      {}, {});
  BOOST_CHECK_EXCEPTION(
      check_all(readable, inline_one.schemas, "main"), Error,
      error_with(exit_usage, {"FILE:1:12: slack.token: others can read this"
                              " file (run: chmod 600 FILE)"}));

  const TemporaryDirectory keys;
  keys.write("token", "xoxb-2\n");
  ::chmod((keys / "token").c_str(), 0600);
  const ConfigFixture named(R"({"slack": {"token_file": ")" + keys / "token" +
                            "\"}}");
  BOOST_CHECK_EQUAL(secret(named.resolve(), "slack.token"), "xoxb-2");
  keys.write("token", "\xEF\xBB\xBFxoxb-2\r\n");
  BOOST_CHECK_EQUAL(secret(named.resolve(), "slack.token"), "xoxb-2");
  ::chmod((keys / "token").c_str(), 0644);
  BOOST_CHECK_EXCEPTION(
      secret(named.resolve(), "slack.token"), Error,
      error_with(exit_usage, {"others can read it (run: chmod 600 "}));
  const ConfigFixture missing(R"({"slack": {"token_file": "/no/such"}})");
  BOOST_CHECK_EXCEPTION(secret(missing.resolve(), "slack.token"), Error,
                        error_with(exit_usage, {"/no/such", "no such file"}));
}

BOOST_AUTO_TEST_CASE(secrets_come_from_the_environment_and_leave_it) {
  ::setenv("EH_SLACK_TOKEN", "xoxb-3", 1);
  ::setenv("EH_MESSAGE", "hi", 1);
  const char* before = std::getenv("EH_SLACK_TOKEN");
  const auto variables = take_environment_variables();
  BOOST_CHECK_EQUAL(variables.at("EH_SLACK_TOKEN"), "xoxb-3");
  BOOST_CHECK_EQUAL(variables.at("EH_MESSAGE"), "hi");
  BOOST_CHECK(!std::getenv("EH_SLACK_TOKEN"));
  // A program may start a second run.
  BOOST_CHECK_EQUAL(take_environment_variables().at("EH_SLACK_TOKEN"),
                    "xoxb-3");
  BOOST_CHECK_EQUAL(std::string(before, 6), std::string(6, '\0'));
  BOOST_CHECK(std::getenv("EH_MESSAGE"));
  ::unsetenv("EH_MESSAGE");
  const ConfigFixture world("", {}, variables);
  BOOST_CHECK_EQUAL(secret(world.resolve(), "slack.token"), "xoxb-3");
  BOOST_CHECK_EQUAL(secret(world.resolve(), "slack.webhook"), "");
  BOOST_CHECK(!has(world.resolve().experiment_json(), "xoxb"));
  ::setenv("EH_SLACK_TOKEN", "xoxb-4", 1);
  BOOST_CHECK_EQUAL(take_environment_variables().at("EH_SLACK_TOKEN"),
                    "xoxb-4");
  ::setenv("EH_SLACK_TOKEN", "", 1);
  for (int run = 0; run < 2; ++run) {
    const ConfigFixture cleared("", {}, take_environment_variables());
    BOOST_CHECK_EQUAL(secret(cleared.resolve(), "slack.token"), "");
  }
}

BOOST_AUTO_TEST_CASE(secrets_in_a_struct_leave_the_environment_too) {
  ::setenv("EH_SLACK", R"({"webhook": "https://hook", "channel": "C1"})", 1);
  const auto variables = take_environment_variables();
  BOOST_CHECK(!std::getenv("EH_SLACK"));
  const ConfigFixture world("", {}, variables);
  BOOST_CHECK_EQUAL(secret(world.resolve(), "slack.webhook"), "https://hook");
  BOOST_CHECK_EQUAL(world.value("slack.channel"), "\"C1\" EH_SLACK");
}

BOOST_AUTO_TEST_CASE(which_file_is_loaded) {
  const TemporaryDirectory folder;
  folder.write("a.json", "{}");
  folder.write("odd:name", "{}");
  const auto plain = load_config(folder / "a.json");
  BOOST_REQUIRE(plain);
  BOOST_CHECK_EQUAL(plain->text, "{}");
  BOOST_CHECK_EQUAL(plain->directory, folder.path());
  BOOST_CHECK(plain->others_read);
  ::chmod((folder / "a.json").c_str(), 0600);
  BOOST_CHECK(!load_config(folder / "a.json")->others_read);
  const auto section = load_config(folder / "a.json:gpu");
  BOOST_CHECK_EQUAL(section->path, folder / "a.json");
  BOOST_CHECK_EQUAL(section->section, "gpu");
  BOOST_CHECK_EQUAL(load_config(folder / "odd:name")->section, "");
  BOOST_CHECK_EXCEPTION(load_config(folder / "b.json:gpu"), Error,
                        error_with(exit_usage, {"no file", "b.json'"}));
  BOOST_CHECK_EXCEPTION(load_config(folder.path()), Error,
                        error_with(exit_usage, {"Is a directory"}));
  BOOST_CHECK_EXCEPTION(load_config("/dev/zero"), Error,
                        error_with(exit_usage, {"neither a file nor a pipe"}));
  BOOST_CHECK_EXCEPTION(load_config(folder / "a.json/b"), Error,
                        error_with(exit_usage, {"there is no file"}));
  BOOST_CHECK(!load_config({}));  // none in the working directory
}

BOOST_AUTO_TEST_CASE(files_have_a_size) {
  const TemporaryDirectory folder;
  folder.write("fits", std::string(100, 'x'));
  folder.write("more", std::string(101, 'x'));
  BOOST_CHECK_EQUAL(read_whole(folder / "fits", "it", 100).size(), 100u);
  BOOST_CHECK_EXCEPTION(
      read_whole(folder / "more", "the file", 100), Error,
      error_with(exit_usage, {"cannot read the file '" + folder / "more" +
                              "': it has more than 100 bytes"}));
  // Holes take no room.
  folder.write("endless", "");
  BOOST_REQUIRE_EQUAL(
      ::truncate((folder / "endless").c_str(), 1'000'000'000'000), 0);
  BOOST_CHECK_EXCEPTION(load_config(folder / "endless"), Error,
                        error_with(exit_usage, {"more than 16,777,216 bytes"}));
  ::chmod((folder / "endless").c_str(), 0600);
  const ConfigFixture world(R"({"slack": {"token_file": ")" +
                            folder / "endless" + "\"}}");
  BOOST_CHECK_EXCEPTION(secret(world.resolve(), "slack.token"), Error,
                        error_with(exit_usage, {"more than 65,536 bytes"}));
}

BOOST_AUTO_TEST_SUITE_END()
