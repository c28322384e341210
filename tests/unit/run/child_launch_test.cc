#include "run/child_launch.h"

#include <cstdlib>

#include "contract/child.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(run_child_launch)

namespace {

struct Dependencies {
  explicit Dependencies(const LeafRules& rules = {})
      : tree(folder.path(), rules, true) {
    folder.write("test.so", "a plugin");
    settings.child = {"/bin/eh-child"};
    settings.run_id = "run-1";
  }
  ChildLaunches launches() {
    return ChildLaunches(
        catalog, {{0, PluginSnapshot(folder / "test.so", folder / "plugins")}},
        tree, settings, [this](const Experiment& e) -> const ExperimentConfig& {
          return configs.at(e.point);
        });
  }
  Attempt attempt(std::uint64_t point) const {
    Attempt out;
    out.experiment = {0, point};
    out.name = catalog.families[0].name(point);
    out.leaf = "main/" + out.name;
    return out;
  }

  TemporaryDirectory folder;
  ResultTree tree;
  Catalog catalog = catalog_of({sweep("main", "s/{n}", {{"n", {"1", "2"}}})});
  std::vector<ExperimentConfig> configs{
      {90, 2, R"({"number":7})", "0a1b"},
      {0, 0, "", ""},
  };
  LaunchSettings settings;
};

struct Renamed : Dependencies {
  static LeafRules rules() {
    LeafRules rules;
    rules.verdict_file = "meta.json";
    return rules;
  }
  Renamed() : Dependencies(rules()) {}
};

// The value of a variable, or "<none>".
std::string variable(const Launch& launch, const std::string& name) {
  for (const auto& entry : launch.environment)
    if (entry.compare(0, name.size() + 1, name + '=') == 0)
      return entry.substr(name.size() + 1);
  return "<none>";
}

std::string replaced(std::string text, const std::string& from,
                     const std::string& to) {
  const auto at = text.find(from);
  BOOST_REQUIRE_NE(at, text.npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(limits_of_each, Dependencies) {
  auto one = launches();
  BOOST_CHECK_EQUAL(one.limits(attempt(0)).timeout, 90);
  BOOST_CHECK_EQUAL(one.limits(attempt(0)).retries, 2);
  BOOST_CHECK_EQUAL(one.limits(attempt(1)).timeout, 0);
  BOOST_CHECK_EQUAL(one.limits(attempt(1)).retries, 0);
}

BOOST_FIXTURE_TEST_CASE(a_debugger_takes_its_time, Dependencies) {
  settings.debugger = {"gdb", "--args"};
  auto one = launches();
  BOOST_CHECK_EQUAL(one.limits(attempt(0)).timeout, 0);
  BOOST_CHECK_EQUAL(one.launch(attempt(0)).arguments.at(0), "gdb");
}

BOOST_FIXTURE_TEST_CASE(programs_are_their_own_children, Dependencies) {
  auto words = launches().launch(attempt(0)).arguments;
  BOOST_CHECK_EQUAL(words.at(0), "/bin/eh-child");
  BOOST_CHECK_EQUAL(words.at(1), "run");
  catalog.plugins[0].is_program = true;
  words = launches().launch(attempt(0)).arguments;
  BOOST_CHECK(words.at(0).ends_with("/test.so"));
  BOOST_CHECK_EQUAL(words.at(1), "--eh-child");
  BOOST_CHECK_EQUAL(words.at(2), "run");
  BOOST_CHECK_EQUAL(words.at(3), words.at(0));
}

BOOST_FIXTURE_TEST_CASE(the_configuration_is_sent_once, Dependencies) {
  auto one = launches();
  const auto launch = one.launch(attempt(0));
  BOOST_CHECK_EQUAL(variable(launch, contract::env_config), R"({"number":7})");
  const auto sent = variable(launch, contract::env_verdict);
  BOOST_CHECK(!has(sent, "number"));
  // What the child makes of it is what the host would write.
  BOOST_CHECK_EQUAL(replaced(sent, contract::config_mark, R"({"number":7})"),
                    one.verdict_members(attempt(0)));
  BOOST_CHECK(has(one.verdict_members(attempt(0)),
                  R"("parameters":{"n":1},"config":{"number":7},)"
                  R"("config_hash":"0a1b","seed":)"));
}

BOOST_FIXTURE_TEST_CASE(without_a_configuration, Dependencies) {
  auto one = launches();
  const auto launch = one.launch(attempt(1));
  BOOST_CHECK_EQUAL(variable(launch, contract::env_config), "<none>");
  BOOST_CHECK_EQUAL(variable(launch, contract::env_verdict),
                    one.verdict_members(attempt(1)));
  BOOST_CHECK(!has(one.verdict_members(attempt(1)), "config"));
}

BOOST_FIXTURE_TEST_CASE(a_configuration_without_a_class, Dependencies) {
  configs[1].json = R"({"workers":2})";
  BOOST_CHECK(has(launches().verdict_members(attempt(1)),
                  R"("parameters":{"n":2},"config":{"workers":2},"seed":)"));
}

BOOST_FIXTURE_TEST_CASE(long_ones_are_cut, Dependencies) {
  configs[0].json = '{' + std::string(250'000, 'x') + '}';
  const auto launch = launches().launch(attempt(0));
  std::string all;
  for (const std::string part : {"", "_1", "_2"}) {
    const auto value = variable(launch, contract::env_config + part);
    BOOST_CHECK_LT(value.size(), 128u * 1024);
    all += value;
  }
  BOOST_CHECK(all == configs[0].json);
  BOOST_CHECK_EQUAL(variable(launch, std::string(contract::env_config) + "_3"),
                    "<none>");
}

BOOST_FIXTURE_TEST_CASE(the_verdicts_usual_name, Dependencies) {
  const auto launch = launches().launch(attempt(0));
  BOOST_CHECK_EQUAL(variable(launch, contract::env_verdict_file), "<none>");
}

BOOST_FIXTURE_TEST_CASE(the_verdicts_other_name, Renamed) {
  const auto launch = launches().launch(attempt(0));
  BOOST_CHECK_EQUAL(variable(launch, contract::env_verdict_file), "meta.json");
}

BOOST_FIXTURE_TEST_CASE(gpus_of_a_slot, Dependencies) {
  ::setenv("CUDA_VISIBLE_DEVICES", "4,5", 1);
  auto one = attempt(0);
  auto host = launches();
  BOOST_CHECK_EQUAL(variable(host.launch(one), "CUDA_VISIBLE_DEVICES"), "4,5");
  BOOST_CHECK(!has(host.verdict_members(one), "gpus"));
  one.gpus = "5";
  BOOST_CHECK_EQUAL(variable(host.launch(one), "CUDA_VISIBLE_DEVICES"), "5");
  BOOST_CHECK(has(host.verdict_members(one), R"("slot":0,"gpus":"5",)"));
  ::unsetenv("CUDA_VISIBLE_DEVICES");
}

BOOST_FIXTURE_TEST_CASE(who_started_it, Dependencies) {
  const auto launch = launches().launch(attempt(0));
  BOOST_CHECK_EQUAL(variable(launch, contract::env_run), "run-1");
  BOOST_CHECK_EQUAL(variable(launch, contract::env_owner), "run-1");
  settings.owner = "run-1.4.711.0";
  const auto of_task = launches().launch(attempt(0));
  BOOST_CHECK_EQUAL(variable(of_task, contract::env_run), "run-1");
  BOOST_CHECK_EQUAL(variable(of_task, contract::env_owner), "run-1.4.711.0");
}

BOOST_AUTO_TEST_SUITE_END()
