// What is wrong with a configuration is told at once, with its place.
#include "config/check.h"

#include "config_support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(config_check)

namespace {

// The mistakes of a file, without what stands before them.
std::string of(const std::string& file, const std::string& group = "main") {
  auto text = ConfigFixture(file).mistakes(group);
  const std::string head = "cannot use the configuration: ";
  return text.compare(0, head.size(), head) == 0 ? text.substr(head.size())
                                                 : text;
}

std::string of_setting(const std::string& name, const std::string& text,
                       const std::string& group = "main") {
  return ConfigFixture("", {{name, text}}).mistakes(group);
}

}  // namespace

BOOST_AUTO_TEST_CASE(nothing) {
  BOOST_CHECK_EQUAL(of("{}"), "");
  BOOST_CHECK_EQUAL(of("// nothing\n{\"$schema\": \"x\",}"), "");
  BOOST_CHECK_EQUAL(of("[]"), "FILE:1:1: expected an object: { ... }");
}

BOOST_AUTO_TEST_CASE(unknown_names) {
  BOOST_CHECK_EQUAL(of("{\n  \"wrokers\": 2\n}"),
                    "FILE:2:3: there is no value 'wrokers', did you mean"
                    " 'workers'?");
  BOOST_CHECK_EQUAL(of(R"({"nubmer": 2})"),
                    "FILE:1:2: there is no value 'nubmer', did you mean"
                    " 'number'?");
  BOOST_CHECK_EQUAL(of(R"({"slurm": {"gpu": 2}})"),
                    "FILE:1:12: there is no value 'slurm.gpu', did you mean"
                    " 'gpu_type' or 'gpus'?");
  // The right name in the wrong place.
  BOOST_CHECK_EQUAL(of(R"({"partition": "x"})"),
                    "FILE:1:2: there is no value 'partition', did you mean"
                    " 'slurm.partition'?");
  BOOST_CHECK_EQUAL(of(R"({"zzz": 2})"), "FILE:1:2: there is no value 'zzz'");
}

BOOST_AUTO_TEST_CASE(wrong_values) {
  BOOST_CHECK_EQUAL(of(R"({"workers": 0})"),
                    "FILE:1:13: workers: expected a whole number from 1 to"
                    " 1000000, not 0");
  BOOST_CHECK_EQUAL(of(R"({"number": "7"})"),
                    "FILE:1:12: number: expected a whole number from"
                    " -2147483648 to 2147483647, not \"7\"");
  BOOST_CHECK_EQUAL(of(R"({"slurm": 3})"),
                    "FILE:1:11: slurm: expected an object, like {\"enabled\":"
                    " ...}");
  BOOST_CHECK_EQUAL(of(R"({"logfiles": [{"fil": "x"}]})"),
                    "FILE:1:16: logfiles[0]: it has no member 'fil', did you"
                    " mean 'file'?");
  BOOST_CHECK(!has(of(R"({"slack": "xoxb-secret"})"), "xoxb"));
}

BOOST_AUTO_TEST_CASE(all_at_once_in_order) {
  BOOST_CHECK_EQUAL(of("{\"wrokers\": 2,\n \"jobs\": \"many\",\n"
                       " \"experiments\": {\"a\": {\"nmber\": 1}},\n"
                       " \"sections\": {\"s\": {\"salt\": 3}}}"),
                    "4 mistakes\n"
                    "  FILE:1:2: there is no value 'wrokers', did you mean"
                    " 'workers'?\n"
                    "  FILE:2:10: jobs: expected a whole number from 1 to"
                    " 1000000 or null, not \"many\"\n"
                    "  FILE:3:24: there is no value 'nmber', did you mean"
                    " 'number'?\n"
                    "  FILE:4:29: salt: expected a text in quotes, not 3");
}

BOOST_AUTO_TEST_CASE(many_mistakes_are_counted) {
  std::string file = "{";
  for (int i = 0; i < 1234; ++i) file += "\"z" + std::to_string(i) + "\": 1,\n";
  const auto text = of(file + "}");
  BOOST_CHECK(text.starts_with("1,234 mistakes\n  FILE:1:2: "));
  BOOST_CHECK(has(text, "FILE:100:1: "));
  BOOST_CHECK(!has(text, "FILE:101:1: "));
  BOOST_CHECK(text.ends_with("\n  ... and 1,134 more"));
}

BOOST_AUTO_TEST_CASE(syntax) {
  BOOST_CHECK(has(of("{\"a\": }"), "FILE:1:7: "));
  BOOST_CHECK(has(of("{\"a\": 1, \"a\": 2}"), "FILE:1:10: "));
}

BOOST_AUTO_TEST_CASE(values_of_other_groups) {
  // Of no use to main, but not unknown.
  BOOST_CHECK_EQUAL(of(R"({"extra": "x"})"), "");
  BOOST_CHECK_EQUAL(of(R"({"extra": 3})"),
                    "FILE:1:11: extra: expected a text in quotes, not 3");
  // The same name with another type: the group that runs decides.
  BOOST_CHECK_EQUAL(of(R"({"number": 1.5})", "other"), "");
  BOOST_CHECK(has(of(R"({"number": 1.5})", "main"), "number: expected"));
  BOOST_CHECK_EQUAL(of(R"({"number": 1})", "plain"), "");
  BOOST_CHECK(has(of(R"({"groups": {"plain": {"number": 1}}})"),
                  "there is no value 'number'"));
}

BOOST_AUTO_TEST_CASE(groups) {
  BOOST_CHECK_EQUAL(of(R"({"groups": {"mian": {}}})"),
                    "FILE:1:13: no plugin has the group 'mian', did you mean"
                    " 'main'?");
  const ConfigFixture world(R"({"groups": {"elsewhere": {"what": 1}}})");
  const auto warnings = world.check();
  BOOST_REQUIRE_EQUAL(warnings.size(), 1u);
  BOOST_CHECK(has(warnings[0],
                  "FILE:1:13: no plugin has the group"
                  " 'elsewhere': its values are not used"));
  BOOST_CHECK(has(of(R"({"groups": 3})"), "'groups': expected an object"));
  BOOST_CHECK(has(of(R"({"groups": {"main": 3}})"),
                  "'main': expected a group's values"));
}

BOOST_AUTO_TEST_CASE(where_values_can_stand) {
  BOOST_CHECK_EQUAL(of(R"({"experiments": {"a": {"jobs": 3}}})"),
                    "FILE:1:24: jobs: it holds for a whole run, not for some"
                    " of its experiments (write it outside of 'experiments')");
  BOOST_CHECK_EQUAL(of(R"({"groups": {"main": {"plugins": []}}})"),
                    "FILE:1:22: plugins: it is needed before groups are known"
                    " (write it outside of 'groups')");
  BOOST_CHECK(has(of(R"({"experiments": {"a": {"experiments": {}}}})"),
                  "'experiments' has no meaning here"));
  BOOST_CHECK(has(of(R"({"sections": {"s": {"sections": {}}}})"),
                  "'sections' has no meaning here"));
}

BOOST_AUTO_TEST_CASE(sections) {
  BOOST_CHECK_EQUAL(
      of(R"({"sections": {"one": {"extends": "on"}}})"),
      "FILE:1:34: there is no section 'on' to extend, did you mean 'one'?");
  BOOST_CHECK_EQUAL(of(R"({"sections": {"one": {"extends": 3}}})"),
                    "FILE:1:34: 'extends': expected the name of a section, or"
                    " a list of names");
  BOOST_CHECK_EQUAL(of(R"({"sections": {"a": {"extends": "b"},
                                        "b": {"extends": "a"}}})"),
                    "FILE:2:58: section 'a' extends itself through 'b'");
  BOOST_CHECK(has(of(R"({"sections": {"a": {"extends": "a"}}})"),
                  "section 'a' extends itself"));
  // Of the ways through these there are too many to go them all.
  std::string rows;
  for (int row = 10; row < 99; ++row) {
    const auto next = std::to_string(row + 1);
    for (const char* side : {"a", "b"})
      rows += '"' + std::to_string(row) + side + R"(": {"extends": [")" + next +
              R"(a", ")" + next + R"(b"]}, )";
  }
  BOOST_CHECK_EQUAL(
      of(R"({"sections": {)" + rows + R"("99a": {}, "99b": {}}})"), "");
  BOOST_CHECK_EQUAL(of(R"({"extends": "a", "sections": {"a": {}}})"),
                    "FILE:1:2: 'extends' has no meaning outside of sections,"
                    " over which no other can be laid (choose a section with"
                    " -c FILE:SECTION)");
  BOOST_CHECK_EXCEPTION(
      ConfigFixture(R"({"sections": {"gpu": {}}})", {}, {}, "gup"), Error,
      error_with(exit_usage, {"section 'gup'", "did you mean 'gpu'?"}));
  // What a section that is not in force expands to is nobody's business.
  BOOST_CHECK_EQUAL(
      of(R"({"sections": {"s": {"data": "${EH_TEST_NOTHING}"}}})"), "");
}

BOOST_AUTO_TEST_CASE(only_what_wins_is_expanded) {
  const std::string unset = "\"${EH_TEST_NOTHING}/x\"";
  const std::string why =
      "the environment variable 'EH_TEST_NOTHING' is not set";
  // By a section that is laid over it, for the same experiments.
  const auto in_section = [&](const std::string& outside,
                              const std::string& section) {
    return ConfigFixture("{" + outside + R"(, "sections": {"s": {)" + section +
                             R"(, "extends": "b"}, "b": {}}})",
                         {}, {}, "s")
        .mistakes();
  };
  BOOST_CHECK_EQUAL(in_section("\"data\": " + unset, R"("data": "x")"), "");
  BOOST_CHECK(has(in_section(R"("data": "x")", "\"data\": " + unset), why));
  BOOST_CHECK(has(in_section("\"data\": " + unset, R"("number": 1)"), why));
  BOOST_CHECK(has(
      in_section("\"data\": " + unset, R"("groups": {"main": {"data": "x"}})"),
      why));
  const auto of_pattern = [](const std::string& value) {
    return R"("experiments": {"a": {"data": )" + value + "}}";
  };
  BOOST_CHECK_EQUAL(in_section(of_pattern(unset), of_pattern("\"x\"")), "");
  BOOST_CHECK(has(in_section(of_pattern(unset), R"("data": "x")"), why));
  // Other mistakes are some all the same.
  BOOST_CHECK(has(in_section(R"("data": 1)", R"("data": "x")"), "data: expe"));
  // By the command line and the environment.
  const auto file = "{\"data\": " + unset + ", \"output_directory\": " + unset +
                    ", " + of_pattern(unset) + '}';
  BOOST_CHECK_EQUAL(
      ConfigFixture(file, {{"data", "x"}}, {{"EH_OUTPUT_DIRECTORY", "x"}})
          .mistakes(),
      "");
  const ConfigFixture world(file, {{"output_directory", "/x"}});
  BOOST_CHECK(has(world.mistakes(), "2 mistakes"));
  BOOST_CHECK_EQUAL(world.value("output_directory"), "\"/x\" --set");
  // A part of a map leaves the rest of it in force.
  const auto places = R"({"places": {"a": )" + unset + "}}";
  BOOST_CHECK(
      has(ConfigFixture(places, {{"places.b", "x"}}).mistakes("other"), why));
  for (const char* group : {"other", ""})
    BOOST_CHECK_EQUAL(
        ConfigFixture(places, {{"places", R"({"b": "x"})"}}).mistakes(group),
        "");
  // Also before plugins are loaded.
  const auto plugins = "{\"plugins\": [" + unset + "]}";
  BOOST_CHECK_THROW(check_form(*ConfigFixture(plugins).sources), Error);
  BOOST_CHECK_NO_THROW(
      check_form(*ConfigFixture(plugins, {{"plugins", "x.so"}}).sources));
}

BOOST_AUTO_TEST_CASE(settings) {
  BOOST_CHECK_EQUAL(of_setting("nmber", "7"),
                    "cannot use the configuration: --set nmber: there is no"
                    " value 'nmber' in group 'main', did you mean 'number'?");
  BOOST_CHECK_EQUAL(of_setting("slurm.gpsu", "7"),
                    "cannot use the configuration: --set slurm.gpsu: there is"
                    " no value 'slurm.gpsu' in group 'main', did you mean"
                    " 'gpus' or 'cpus'?");
  BOOST_CHECK_EQUAL(of_setting("number", "x"),
                    "cannot use the configuration: --set number: expected a"
                    " whole number from -2147483648 to 2147483647, not \"x\"");
  BOOST_CHECK(has(of_setting("extra", "x"), "no value 'extra'"));
  BOOST_CHECK_EQUAL(of_setting("extra", "x", ""), "");
  BOOST_CHECK_EQUAL(of_setting("slack.token", "xoxb-1"),
                    "cannot use the configuration: --set slack.token: all"
                    " processes of this machine can read a command line (use"
                    " EH_SLACK_TOKEN, or slack.token_file with a private"
                    " file)");
}

BOOST_AUTO_TEST_CASE(variables) {
  BOOST_CHECK_EQUAL(ConfigFixture("", {}, {{"EH_NUMBER", "x"}}).mistakes(),
                    "cannot use the configuration: the environment's EH_NUMBER:"
                    " expected a whole number from -2147483648 to 2147483647,"
                    " not \"x\"");
  const ConfigFixture near("", {},
                           {{"EH_WROKERS", "2"}, {"EH_OF_OTHERS", "1"}});
  const auto warnings = near.check();
  BOOST_REQUIRE_EQUAL(warnings.size(), 2u);
  BOOST_CHECK_EQUAL(warnings[0],
                    "the environment has EH_OF_OTHERS, which means nothing"
                    " ('config' lists what does)");
  BOOST_CHECK_EQUAL(warnings[1],
                    "the environment has EH_WROKERS, which means nothing, did"
                    " you mean 'EH_WORKERS'?");
}

BOOST_AUTO_TEST_CASE(variables_that_eh_has_for_itself) {
  auto catalog = catalog_of({single("main", "a")});
  catalog.groups[0].config = R"({"class":"C","members":[
      {"name":"seed","kind":"integer","value":1}]})";
  const ConfigSchemas schemas{catalog};
  const auto warnings = [&](Variables variables) {
    const ConfigSources sources({}, std::move(variables), {});
    const auto config = sources.resolve(schemas.of("main"), "main");
    BOOST_CHECK_EQUAL(config.at("seed").value.text, "1");
    return check_all(sources, schemas, "main");
  };
  BOOST_CHECK(warnings({}).empty());
  const auto warned = warnings({{"EH_SEED", "7"}});
  BOOST_REQUIRE_EQUAL(warned.size(), 1u);
  BOOST_CHECK_EQUAL(warned[0],
                    "the environment has EH_SEED, which means something else to"
                    " eh and does not set 'seed' (use --set seed=... or a"
                    " configuration file)");
  // In an experiment it says nothing of the user.
  BOOST_CHECK(warnings({{"EH_SEED", "7"}, {"EH_RUN_ID", "r"}}).empty());
}

BOOST_AUTO_TEST_CASE(before_plugins_are_loaded) {
  // Names may be of plugins.
  BOOST_CHECK_NO_THROW(check_form(*ConfigFixture(R"({"number": 1})").sources));
  BOOST_CHECK_NO_THROW(check_form(*ConfigFixture(R"({"workers": 0})").sources));
  BOOST_CHECK_EXCEPTION(
      check_form(*ConfigFixture(R"({"plugins": "x", "workers": 0})").sources),
      Error,
      error_with(exit_usage, {"plugins: expected a list of paths",
                              "workers: expected a whole number"}));
  BOOST_CHECK_THROW(check_form(*ConfigFixture("{").sources), Error);
  // All of these names may be a plugin's.
  BOOST_CHECK_EXCEPTION(
      check_form(*ConfigFixture(R"({"nubmer": 1, "slat": 5, "slurm": {"gpu": 1},
                      "groups": {"main": {"slat": 5}},
                      "sections": {"a": {"extends": "a", "slat": 5}}})",
                                {{"wrokers", "1"}})
                      .sources),
      Error, [](const Error& error) {
        return std::string(error.what()) ==
               "cannot use the configuration: FILE:3:53: section 'a' extends"
               " itself";
      });
}

BOOST_AUTO_TEST_CASE(classes_that_cannot_be_used) {
  auto refused = [](const std::string& config) -> std::string {
    auto catalog = catalog_of({single("main", "a")});
    catalog.groups[0].config = config;
    try {
      ConfigSchemas{catalog};
    } catch (const Error& error) {
      BOOST_CHECK_EQUAL(error.code(), exit_bad_plugin);
      return error.what();
    }
    return {};
  };
  BOOST_CHECK(has(refused(R"({"class":"C","members":[
                    {"name":"workers","kind":"integer"}]})"),
                  "'workers' is one of eh::Config's (rename it)"));
  BOOST_CHECK(has(refused(R"({"class":"C","members":[
                    {"name":"groups","kind":"integer"}]})"),
                  "'groups' has a meaning of its own"));
  BOOST_CHECK(has(refused(R"({"class":"C","overrides":{"plugins":["a"]}})"),
                  "it sets 'plugins', which is needed before plugins"));
  BOOST_CHECK(has(refused(R"({"class":"C","overrides":{"workers":0}})"),
                  "workers: expected a whole number"));
  BOOST_CHECK(has(refused("{"), "cannot use group 'main'"));
  const std::string inner =
      R"("kind":"object","members":[{"name":"b","kind":"bool","value":true}]})";
  BOOST_CHECK(has(refused(R"({"class":"C","members":[{"name":"a",)" + inner +
                          R"(,{"name":"a_b","kind":"bool","value":true}]})"),
                  "'a.b' and 'a_b' are both set by the variable EH_A_B (rename"
                  " one)"));
  BOOST_CHECK(has(refused(R"({"class":"C","members":[{"name":"a",)" + inner +
                          R"(,{"name":"A","kind":"bool","value":true}]})"),
                  "'A' and 'a' are both set by the variable EH_A"));
  BOOST_CHECK(has(refused(R"({"class":"C","members":[{"name":"output",)"
                          R"("kind":"object","members":[{"name":"directory",)"
                          R"("kind":"text","value":""}]}]})"),
                  "'output_directory' and 'output.directory' are both set by"));
  BOOST_CHECK(has(refused(R"({"class":"C","overrides":{"timeout":"-1s"}})"),
                  "timeout: expected a time of at least 0s or null, not"));
  BOOST_CHECK_EQUAL(refused(R"({"class":"C","members":[
                    {"name":"pause","kind":"duration","value":"-5s"}]})"),
                    "");
  BOOST_CHECK(has(refused(R"({"class":"C","members":[
                    {"name":"n","kind":"integer","max":7,"value":8}]})"),
                  "n: expected a whole number"));
}

BOOST_AUTO_TEST_SUITE_END()
