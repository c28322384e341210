// What single experiments get, and what differs from what they had.
#include "config/experiment.h"

#include "config/settings.h"
#include "config_support.h"
#include "plan/difference.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(config_experiment)

namespace {

struct Experiments : ConfigFixture {
  using ConfigFixture::ConfigFixture;
  const ExperimentConfig& of(const std::string& group,
                             const std::string& name) {
    return configs.of(select(catalog, {group, {name}, {}, "", {}}).at(0));
  }
  ExperimentConfigs configs{catalog, schemas, *sources};
};

}  // namespace

BOOST_AUTO_TEST_CASE(registered_limits_stand_between_class_and_file) {
  auto limits = [](const std::string& file) {
    Experiments world(file);
    world.catalog.families[0].timeout = 60;  // main/a
    world.catalog.families[0].retries = 2;
    const auto& config = world.of("main", "a");
    return std::to_string(static_cast<int>(config.timeout)) + ' ' +
           std::to_string(config.retries);
  };
  BOOST_CHECK_EQUAL(limits(""), "60 2");
  BOOST_CHECK_EQUAL(limits(R"({"timeout": "1s"})"), "1 2");
  BOOST_CHECK_EQUAL(limits(R"({"timeout": null, "retries": 0})"), "0 0");
  BOOST_CHECK_EQUAL(limits(R"({"experiments": {"a": {"retries": 5}}})"),
                    "60 5");
}

BOOST_AUTO_TEST_CASE(patterns_make_the_difference) {
  Experiments world(R"({"experiments": {"sweep/2": {"number": 7}}})");
  const auto& a = world.of("main", "a");
  const auto& one = world.of("main", "sweep/1");
  const auto& two = world.of("main", "sweep/2");
  BOOST_CHECK(has(a.json, "\"number\":42"));
  BOOST_CHECK_EQUAL(a.json, one.json);
  BOOST_CHECK_EQUAL(a.hash, one.hash);
  BOOST_CHECK(has(two.json, "\"number\":7"));
  BOOST_CHECK_NE(a.hash, two.hash);
  // Asked again, it is the same.
  BOOST_CHECK_EQUAL(&world.of("main", "sweep/2"), &two);
}

BOOST_AUTO_TEST_CASE(what_no_process_can_be_given_is_refused) {
  Experiments world(R"({"message": ")" + std::string(1'000'000, 'x') + "\"}");
  for (int again = 0; again < 2; ++again)
    BOOST_CHECK_EXCEPTION(
        world.of("main", "a"), Error,
        error_with(exit_usage, {"cannot give 'a' its configuration: it has",
                                "there is room for 1000000"}));
}

BOOST_AUTO_TEST_CASE(the_hash_is_of_what_results_may_depend_on) {
  Experiments plain;
  const auto hash = plain.of("main", "a").hash;
  BOOST_CHECK_EQUAL(hash.size(), 40u);
  BOOST_CHECK_EQUAL(plain.of("plain", "a").hash, "");
  BOOST_CHECK_EQUAL(plain.of("plain", "a").json, "");
  Experiments framework(R"({"jobs": 3, "slurm": {"gpus": 4}})");
  BOOST_CHECK_EQUAL(framework.of("main", "a").hash, hash);
  BOOST_CHECK_EQUAL(framework.of("plain", "a").json,
                    R"({"jobs":3,"slurm":{"gpus":4}})");
  // Written differently, it is the same.
  Experiments same(R"({"weights": {"a": 1.0}, "number": 42})");
  BOOST_CHECK_EQUAL(same.of("main", "a").hash, hash);
  Experiments other(R"({"weights": {"a": 1.5}})");
  BOOST_CHECK_NE(other.of("main", "a").hash, hash);
}

BOOST_AUTO_TEST_CASE(differences_one_by_one) {
  Experiments world(R"({"number": 7, "model": {"layers": 4}})");
  const auto experiment =
      select(world.catalog, {"main", {"sweep/2"}, {}, "", {}})[0];
  Verdict verdict;
  PluginBuild now{"b2", {}};
  auto found = [&] {
    std::string out;
    for (const auto& one : differences(verdict, world.catalog, experiment,
                                       world.configs.values(experiment), now))
      out += one.what + ' ' + one.before + " -> " + one.now + '\n';
    return out;
  };
  // The Python original does not say what it ran.
  BOOST_CHECK_EQUAL(found(), "");
  verdict.parameters =
      world.catalog.families[experiment.family].parameters_json(
          experiment.point);
  verdict.config = world.configs.of(experiment).json;
  verdict.config_hash = world.configs.of(experiment).hash;
  verdict.build_id = "b2";
  BOOST_CHECK_EQUAL(found(), "");
  verdict.parameters = R"({"seed": 3, "old": "x"})";
  verdict.config_hash = "0a1b";
  verdict.config =
      R"({"number":7,"message":"Hello","sizes":[],"weights":{"a":2},)"
      R"("data":"data","model":{"layers":3,"rate":0.1,"depth":1},"gone":1,)"
      R"("slurm":{"gpus":9}})";
  verdict.build_id = "b1";
  BOOST_CHECK_EQUAL(found(),
                    "parameter seed 3 -> 2\n"
                    "parameter old \"x\" -> \n"
                    "config model.layers 3 -> 4\n"
                    "config weights {\"a\":2} -> {\"a\":1}\n"
                    "config gone 1 -> \n"
                    "config model.depth 1 -> \n"
                    "plugin b1 -> b2\n");
  verdict.config = "";
  BOOST_CHECK(has(found(), "config number  -> 7\n"));
  // By the hash it is stale.
  verdict.config = world.configs.of(experiment).json;
  BOOST_CHECK(has(found(), "config \"0a1b\" -> \"" +
                               world.configs.of(experiment).hash + "\"\n"));
}

BOOST_AUTO_TEST_CASE(parameters_are_the_same_however_they_are_written) {
  const auto same = [](const std::string& before, const std::string& now) {
    return parameter_differences(before, now).empty();
  };
  BOOST_CHECK(same(R"({"a": 1.0, "b": [1e-05]})", R"({"b":[0.00001],"a":1})"));
  BOOST_CHECK(same("{}", "{}"));
  BOOST_CHECK(!same(R"({"a": 1})", R"({"a": "1"})"));
  BOOST_CHECK(!same(R"({"a": 9007199254740993})", R"({"a":9007199254740992})"));
  BOOST_CHECK(
      same(R"({"a": 18446744073709551615})", R"({"a":18446744073709551615})"));
  BOOST_CHECK(!same(R"({"a": 1})", R"({"a":1,"b":2})"));
  BOOST_CHECK(!same(R"({"a": true})", R"({"a":false})"));
}

BOOST_AUTO_TEST_CASE(typed_settings) {
  const ConfigFixture world(R"({
    "jobs": 3, "workers": 2, "max_fail": 4, "grace_period": "1m",
    "random_start_delay": "500ms", "loglevel": "error", "salt": "s",
    "meta_filename": "m.json", "checkpoint_files": ["a", "b"]})");
  auto config = world.resolve("plain");
  const auto out = settings_of(config);
  BOOST_CHECK_EQUAL(out.output, "results");
  BOOST_CHECK(out.jobs == 3u && out.max_fail == 4u);
  BOOST_CHECK_EQUAL(out.workers, 2u);
  BOOST_CHECK_EQUAL(out.grace_period, 60);
  BOOST_CHECK_EQUAL(out.random_start_delay, 0.5);
  BOOST_CHECK_EQUAL(out.least_level, 40);
  BOOST_CHECK_EQUAL(out.salt, "s");
  BOOST_CHECK_EQUAL(out.verdict_file, "m.json");
  BOOST_TEST(out.checkpoint_files == (std::vector<std::string>{"a", "b"}));
  apply_verbosity(config, 1);
  BOOST_CHECK_EQUAL(settings_of(config).least_level, 20);
  BOOST_CHECK_EQUAL(config.at("loglevel").origin, "-v");
  apply_verbosity(config, 2);
  BOOST_CHECK_EQUAL(settings_of(config).least_level, 10);
  const auto none = settings_of(ConfigFixture().resolve("plain"));
  BOOST_CHECK(!none.jobs && !none.max_fail);
}

BOOST_AUTO_TEST_SUITE_END()
