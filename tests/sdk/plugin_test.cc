// Plugins through the boundary: what they describe, how their experiments run,
// and what they say about everything that is wrong.
#define BOOST_TEST_MODULE sdk_plugin
#include <boost/test/unit_test.hpp>
#include <fstream>

#include "fake_host.h"

namespace {

const eh_plugin* plugin(const std::string& name) {
  return fake::load((EH_TEST_PLUGIN_DIR "/" + name + ".so").c_str());
}

const fake::Catalog& queues() {
  static const fake::Catalog catalog = fake::describe(plugin("queues"));
  return catalog;
}

/// Runs one point under its name, or under another.
struct Outcome : fake::Run {
  int status = -1;
};
Outcome run(const std::string& experiment, std::uint64_t point,
            const std::string& full_name, bool stop = false,
            const std::string& config = {}) {
  const fake::Experiment& e = queues().find(experiment);
  Outcome outcome;
  outcome.group = e.group;
  outcome.name = full_name;
  outcome.stop = stop;
  outcome.config = config;
  outcome.status = outcome.start(plugin("queues"), e.id, point);
  return outcome;
}

const fake::Parameter& parameter(const std::string& name) {
  for (const auto& p : queues().find("everything").parameters)
    if (p.name == name) return p;
  throw std::runtime_error("no parameter " + name);
}

/// The line of a source file that ends with "// <mark>".
unsigned line_of(const std::string& mark) {
  std::ifstream in(EH_TEST_SOURCE_DIR "/plugins/problems.cc");
  std::string line;
  for (unsigned number = 1; std::getline(in, line); ++number)
    if (line.ends_with("// " + mark)) return number;
  throw std::runtime_error("no line " + mark);
}

}  // namespace

BOOST_AUTO_TEST_CASE(tells_what_it_is) {
  const eh_plugin* p = plugin("queues");
  BOOST_TEST(p->size == sizeof(eh_plugin));
  BOOST_TEST(p->abi_major == unsigned{EH_ABI_MAJOR});
  BOOST_TEST(fake::text(p->sdk_version) == EH_TEST_VERSION);
  BOOST_TEST(!fake::text(p->compiler).empty());
  BOOST_TEST(!fake::text(p->flags).empty());
}

BOOST_AUTO_TEST_CASE(describes_groups_and_experiments) {
  BOOST_TEST(queues().problems.size() == 0u);
  BOOST_REQUIRE(queues().groups.size() == 3u);
  BOOST_TEST(queues().groups[0].name == "main");
  BOOST_TEST(queues().groups[0].description == "M/M/c queues against theory");
  BOOST_TEST(queues().groups[1].name == "puffer-download");
  BOOST_TEST(queues().find("from-here").group == "puffer-download");
  BOOST_TEST(queues().find("analysis/2022-07-27").group == "main");

  const fake::Experiment& first = queues().experiments.front();
  BOOST_TEST(first.name == "baseline");
  BOOST_TEST(first.id == 0u);
  BOOST_TEST(first.retries == -1);
  BOOST_TEST(first.timeout_seconds == 0.0);
  BOOST_TEST(first.file.ends_with("queues.cc"));
  BOOST_REQUIRE(first.parameters.size() == 3u);
  BOOST_TEST(first.parameters[0].name == "load");
  BOOST_TEST(first.parameters[0].type == "double");
  BOOST_TEST(first.parameters[0].json == "0.5");
  const fake::Experiment& heavy = queues().find("heavy");
  BOOST_TEST(heavy.line == first.line + 1);
  BOOST_TEST(heavy.parameters[0].json == "0.95");
  BOOST_TEST(heavy.parameters[1].json == "1");
  BOOST_TEST(queues().find("lambda").parameters.empty());
  BOOST_TEST(queues().find("lambda").line == queues().find("nothing").line);
}

BOOST_AUTO_TEST_CASE(describes_configurations) {
  BOOST_TEST(queues().find_group("main").config.empty());
  const std::string text = R"("kind":"text","type":"std::string")";
  const std::string part =
      R"("kind":"object","members":[{"name":"name",)" + text +
      R"(,"value":"part"},{"name":"note","kind":"optional",)"
      R"("type":"std::optional<std::string>","element":{)" +
      text + R"(},"value":null}],"type":"Part")";
  BOOST_TEST(
      queues().find_group("puffer-download").config ==
      R"({"class":"Settings","members":[{"name":"number","kind":"integer",)"
      R"("min":-2147483648,"max":2147483647,"type":"int","value":42},)"
      R"({"name":"parts","kind":"map","type":"std::map<std::string, Part>",)"
      R"("element":{)" +
          part +
          R"(},"value":{"a":{"name":"part","note":null}}},{"name":"methods",)"
          R"("kind":"list","length":2,"type":"std::array<Method, 2>",)"
          R"("element":{"kind":"choice","choices":["fast","slow"],)"
          R"("type":"Method"},"value":["slow","fast"]},{"name":"pause",)"
          R"("kind":"duration","tick":0.001,"min":-9223372036854775808,)"
          R"("max":9223372036854775807,)"
          R"("type":"std::chrono::milliseconds","value":"0.25s"}],)"
          R"("overrides":{"slurm":{"partition":"gpu"}}})");
  BOOST_TEST(queues().find_group("plain").config.starts_with(
      R"({"class":"Plain","members":[{"name":"file","kind":"optional",)"));
}

BOOST_AUTO_TEST_CASE(gives_configurations_to_experiments) {
  const auto given = [](const char* name, const char* config) {
    return run(name, 0, name, false, config);
  };
  BOOST_TEST(given("number", "").metrics.at(0).value == 42.0);
  const Outcome number = given("number", R"({"number":7,"workers":3})");
  BOOST_TEST(number.status == EH_RUN_OK);
  BOOST_TEST(number.metrics.at(0).value == 7.0);
  BOOST_TEST(number.metrics.at(1).value == 3.0);
  BOOST_TEST(given("parts", R"({"parts":[{},{}]})").metrics.at(0).value == 2.0);
  const Outcome other = given("other", "{}");
  BOOST_TEST(other.status == EH_RUN_FAILED);
  BOOST_TEST(other.failed_message.find("': group 'puffer-download' has '") !=
             std::string::npos);
  const Outcome wrong = given("number", R"({"number":"7"})");
  BOOST_TEST(wrong.status == EH_RUN_FAILED);
  BOOST_TEST(wrong.failed_message ==
             "cannot read the configuration: number: expected an integer");
  // Who does not ask for it does not fail with it.
  BOOST_TEST(given("from-here", "no JSON").status == EH_RUN_OK);
}

BOOST_AUTO_TEST_CASE(describes_sweeps) {
  const auto& sweep = queues().find("sweep/c={servers}/load={load}/{seed}");
  BOOST_TEST(sweep.timeout_seconds == 600.0);
  BOOST_TEST(sweep.retries == 1);
  BOOST_TEST(sweep.description == "all of it");
  BOOST_REQUIRE(sweep.axes.size() == 3u);
  BOOST_TEST(sweep.axes[0].parameter == 1u);
  BOOST_TEST(sweep.axes[0].json == (std::vector<std::string>{"1", "2", "4"}),
             boost::test_tools::per_element());
  BOOST_TEST(sweep.axes[1].label ==
                 (std::vector<std::string>{"0.1", "0.2", "0.3", "0.4", "0.5",
                                           "0.6", "0.7", "0.8", "0.9"}),
             boost::test_tools::per_element());
  BOOST_TEST(sweep.axes[2].json.front() == "1");
  BOOST_TEST(sweep.axes[2].json.back() == "20");

  const auto& filtered = queues().find("filtered/{servers}/{seed}");
  BOOST_TEST(filtered.kept == (std::vector<bool>{1, 1, 0, 0, 1, 0, 0, 0, 0}),
             boost::test_tools::per_element());
  const auto& swept = queues().find("swept/{servers}/{load}");
  BOOST_TEST(swept.id == (std::uint64_t{2} << 32) + 1);
  BOOST_TEST(swept.timeout_seconds == 1.5);
  BOOST_TEST(swept.parameters[0].json == "0.25");
  BOOST_TEST(swept.axes[1].json.at(0) == "0.5");
}

BOOST_AUTO_TEST_CASE(describes_every_type_of_parameter) {
  struct Row {
    const char *name, *type, *json, *label;
    int kind, element;
  };
  const Row rows[] = {
      {"flag", "bool", "true", "true", EH_BOOL, 0},
      {"tiny", "int8_t", "-128", "-128", EH_INTEGER, 0},
      {"byte", "uint8_t", "255", "255", EH_INTEGER, 0},
      {"small", "short", "-3", "-3", EH_INTEGER, 0},
      {"small_unsigned", "unsigned short", "3", "3", EH_INTEGER, 0},
      {"plain", "int", "-4", "-4", EH_INTEGER, 0},
      {"positive", "unsigned", "4", "4", EH_INTEGER, 0},
      {"big", "long", "-5", "-5", EH_INTEGER, 0},
      {"biggest", "unsigned long", "18446744073709551615",
       "18446744073709551615", EH_INTEGER, 0},
      {"longer", "long long", "-9223372036854775808", "-9223372036854775808",
       EH_INTEGER, 0},
      {"single", "float", "0.1", "0.1", EH_REAL, 0},
      {"real", "double", "0.30000000000000004", "0.3", EH_REAL, 0},
      {"nan", "double", "\"nan\"", "nan", EH_REAL, 0},
      {"low", "double", "\"-inf\"", "-inf", EH_REAL, 0},
      {"text", "std::string", "\"a b/\\\"c\\\"\\n\xC3\xBC\xEF\xBF\xBD\"",
       "a_b__c__\xC3\xBC\xFF", EH_TEXT, 0},
      {"none", "std::string", "\"\"", "_", EH_TEXT, 0},
      {"method", "Method", "\"slow\"", "slow", EH_CHOICE, 0},
      {"old_style", "OldStyle", "\"plain_second\"", "plain_second", EH_CHOICE,
       0},
      {"far", "Far", "\"far\"", "far", EH_CHOICE, 0},
      {"unnamed", "Method", "9", "9", EH_CHOICE, 0},
      {"numbers", "std::vector<int>", "[1,2]", "1,2", EH_LIST, EH_INTEGER},
      {"flags", "std::vector<bool>", "[true,false]", "true,false", EH_LIST,
       EH_BOOL},
      {"words", "std::vector<std::string>", "[\"x\",\"y z\"]", "x,y_z", EH_LIST,
       EH_TEXT},
      {"methods", "std::vector<Method>", "[\"fast\",\"slow\"]", "fast,slow",
       EH_LIST, EH_CHOICE}};
  BOOST_TEST(queues().find("everything").parameters.size() == std::size(rows));
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.name) {
      const fake::Parameter& p = parameter(row.name);
      BOOST_TEST(p.type == row.type);
      BOOST_TEST(p.json == row.json);
      BOOST_TEST(p.label == row.label);
      BOOST_TEST(p.kind == static_cast<unsigned>(row.kind));
      BOOST_TEST(p.element_kind == static_cast<unsigned>(row.element));
    }
  }
  for (const char* name : {"method", "methods"})
    BOOST_TEST(
        parameter(name).choices == (std::vector<std::string>{"fast", "slow"}),
        boost::test_tools::per_element());
  BOOST_TEST(parameter("plain").choices.empty());
}

BOOST_AUTO_TEST_CASE(runs_the_point_with_the_name) {
  const Outcome third = run("sweep/c={servers}/load={load}/{seed}",
                            2 * 9 * 20 + 8 * 20 + 6, "sweep/c=4/load=0.9/7");
  BOOST_TEST(third.status == EH_RUN_OK);
  BOOST_REQUIRE(third.log.size() == 1u);
  BOOST_TEST(third.log[0].text == "4 servers at 0.9");
  BOOST_TEST(third.log[0].level == unsigned{EH_INFO});
  BOOST_TEST(third.log[0].file.ends_with("queues.cc"));
  BOOST_TEST(third.log[0].line > 10u);
  BOOST_TEST(third.files.at("waits.csv.gz") == "table(wait, served: 0.9 4)");
  BOOST_TEST(third.metrics.at(0).value == 0.9);

  BOOST_TEST(
      run("analysis/2022-07-04", 0, "analysis/2022-07-04").log.at(0).text ==
      "day 2022-07-04");
  BOOST_TEST(run("swept/{servers}/{load}", 1, "swept/2/0.5").log.at(0).text ==
             "2 servers at 0.5");
  BOOST_TEST(run("braces/{{x}}/{servers}", 0, "braces/{x}/1").status ==
             EH_RUN_OK);
  BOOST_TEST(run("{method}/{text}/{flags}/{flag}/{single}", 2 * 2 * 2 * 3 - 1,
                 "fast/b_c/_/true/1")
                 .status == EH_RUN_OK);
}

BOOST_AUTO_TEST_CASE(refuses_what_is_not_meant) {
  BOOST_TEST(run("baseline", 0, "heavy").status == EH_RUN_UNKNOWN);
  BOOST_TEST(run("baseline", 1, "baseline").status == EH_RUN_UNKNOWN);
  BOOST_TEST(run("swept/{servers}/{load}", 2, "swept/1/0.5").status ==
             EH_RUN_UNKNOWN);
  BOOST_TEST(run("filtered/{servers}/{seed}", 2, "filtered/1/3").status ==
             EH_RUN_UNKNOWN);
  fake::Run other;
  other.name = "baseline";
  BOOST_TEST(other.start(plugin("queues"), 99, 0) == EH_RUN_UNKNOWN);
  BOOST_TEST(other.start(plugin("queues"), std::uint64_t{9} << 32, 0) ==
             EH_RUN_UNKNOWN);
  BOOST_TEST(other.start(plugin("queues"), (std::uint64_t{1} << 32) + 99, 0) ==
             EH_RUN_UNKNOWN);
  BOOST_TEST(other.start(plugin("queues"), 0, 0) == EH_RUN_OK);
  other.group = "puffer-download";
  BOOST_TEST(other.start(plugin("queues"), 0, 0) == EH_RUN_UNKNOWN);
}

BOOST_AUTO_TEST_CASE(calls_every_callable) {
  for (const char* name : {"nothing", "lambda", "only"})
    BOOST_TEST(run(name, 0, name).status == EH_RUN_OK);
  BOOST_TEST(run("bound", 0, "bound").metrics.at(0).value == 42.0);
  BOOST_TEST(run("functor", 0, "functor").metrics.at(0).value == 5.0);
  BOOST_TEST(run("generic", 0, "generic").metrics.at(0).value == 1.0);
}

BOOST_AUTO_TEST_CASE(tells_how_an_experiment_ended) {
  BOOST_TEST(run("stop", 0, "stop").status == EH_RUN_OK);
  BOOST_TEST(run("stop", 0, "stop", true).status == EH_RUN_STOPPED);
  const Outcome thrown = run("throws", 0, "throws", true);
  BOOST_TEST(thrown.status == EH_RUN_FAILED);
  BOOST_TEST(thrown.failed_type == "std::out_of_range");
  BOOST_TEST(thrown.failed_message == "too far");
  const Outcome unknown = run("throws-int", 0, "throws-int");
  BOOST_TEST(unknown.status == EH_RUN_FAILED);
  BOOST_TEST(unknown.failed_type == "int");
  BOOST_TEST(unknown.failed_message == "3");
  const Outcome nested = run("nested", 0, "nested");
  BOOST_TEST(nested.failed_type == "std::logic_error");
  BOOST_TEST(nested.failed_message == "cannot save: disk full");
}

BOOST_AUTO_TEST_CASE(reports_every_problem_with_its_line) {
  const fake::Catalog catalog = fake::describe(plugin("problems"));
  const std::pair<const char*, const char*> expected[] = {
      {"group twice", "cannot declare the group 'main' twice (it is in "},
      {"group same name", "cannot declare the group 'main' twice (it is in "},
      {"group name", "cannot use 'a/b' as a group's name"},
      {"group near",
       "cannot find the group 'mian': no EH_GROUP of this plugin "
       "declares it (did you mean 'main'?)"},
      {"not in name",
       "cannot tell the points of '{a}' apart: 'b' is swept and "
       "{b} is not in the name"},
      {"no values", "cannot sweep 'b': there are no values"},
      {"no repeat", "cannot sweep 'a': there are no values"},
      {"twice", "cannot sweep 'a' twice (join the values)"},
      {"fit", "cannot sweep 'tiny': 200 does not fit 'int8_t'"},
      {"timeout", "cannot use this timeout: it is not a positive time"},
      {"retries", "cannot retry a negative number of times (-2)"},
      {"huge", "cannot sweep 'huge{a}{b}{tiny}': it has more than 2^64 points"},
      {"default throws",
       "cannot register 'default': std::runtime_error: from a default"},
      {"near parameter",
       "cannot use the name '{tinny}': {tinny} is not a "
       "parameter (did you mean 'tiny'?)"},
      {"none",
       "cannot use the name 'no/{parameters}': {parameters} is not a "
       "parameter (the function takes none)"},
      {"brace", "cannot use the name '{a': '{a' is an unfinished placeholder"},
      {"body throws",
       "cannot finish EH_REGISTER(main): std::runtime_error: in "
       "the middle"},
      {"register near",
       "cannot find the group 'mani': no EH_GROUP of this "
       "plugin declares it (did you mean 'main'?)"},
      {"chain", "cannot register 'values{a}': std::logic_error: values"},
      {"config throws",
       "cannot describe the configuration 'ThrowingConfig' of the group "
       "'throwing': std::runtime_error: from its constructor"},
      {"config unnamed",
       "cannot describe the configuration 'UnnamedChoice' of the group "
       "'unnamed': std::runtime_error: the Color 7 has no name"},
      {"after",
       "cannot register 'after': an EH_EXPERIMENT before it in the "
       "same file failed"}};
  for (const auto& [mark, message] : expected) {
    BOOST_TEST_CONTEXT(mark) {
      int found = 0;
      for (const fake::Problem& problem : catalog.problems)
        if (problem.line == line_of(mark) &&
            problem.message.starts_with(message)) {
          ++found;
          BOOST_TEST(problem.file.ends_with("problems.cc"));
        }
      BOOST_TEST(found == 1);
      for (const fake::Problem& problem : catalog.problems)
        if (found == 0 && problem.line == line_of(mark))
          BOOST_TEST_MESSAGE(problem.message);
    }
  }
  BOOST_TEST(catalog.problems.size() == std::size(expected));
  std::vector<std::string> names;
  for (const fake::Experiment& e : catalog.experiments) names.push_back(e.name);
  BOOST_TEST(
      names == (std::vector<std::string>{"still-good", "filter{a}", "added"}),
      boost::test_tools::per_element());
  BOOST_TEST(catalog.groups.size() == 3u);
  BOOST_TEST(catalog.find_group("throwing").config.empty());
}

BOOST_AUTO_TEST_CASE(runs_what_is_good_in_a_bad_plugin) {
  const eh_plugin* p = plugin("problems");
  const fake::Catalog catalog = fake::describe(p);
  fake::Run run;
  run.name = "still-good";
  BOOST_TEST(run.start(p, catalog.find("still-good").id, 0) == EH_RUN_OK);
  run.name = "added";  // although the body throws after it
  BOOST_TEST(run.start(p, catalog.find("added").id, 0) == EH_RUN_OK);
  run.name = "late";
  BOOST_TEST(run.start(p, catalog.find("added").id + 1, 0) == EH_RUN_FAILED);
  BOOST_TEST(run.failed_message == "std::runtime_error: in the middle");
  run.name = "filter1";
  BOOST_TEST(run.start(p, catalog.find("filter{a}").id, 0) == EH_RUN_FAILED);
  BOOST_TEST(run.failed_message == "filter");
  BOOST_TEST(catalog.find("filter{a}").kept.at(0));
}

BOOST_AUTO_TEST_CASE(keeps_two_plugins_in_one_process_apart) {
  const eh_plugin *a = plugin("twin_a"), *b = plugin("twin_b");
  BOOST_TEST(a != b);
  for (const char* letter : {"a", "b"}) {
    const eh_plugin* p = plugin(std::string("twin_") + letter);
    const fake::Catalog catalog = fake::describe(p);
    BOOST_TEST_CONTEXT(letter) {
      BOOST_REQUIRE(catalog.groups.size() == 1u);
      BOOST_TEST(catalog.groups[0].description ==
                 std::string("twin ") + letter);
      BOOST_TEST(catalog.experiments.size() == 2u);
      fake::Run run;
      run.name = "same";
      BOOST_TEST(run.start(p, catalog.find("same").id, 0) == EH_RUN_OK);
      BOOST_TEST(run.log.at(0).text == std::string("twin ") + letter);
      BOOST_TEST(catalog.groups[0].config.find(std::string("\"value\":\"") +
                                               letter) != std::string::npos);
    }
  }
  const auto first = fake::describe(a).find("same").parameters;
  BOOST_REQUIRE(first.size() == 1u);
  BOOST_TEST(first[0].name == "first");
  const auto second = fake::describe(b).find("same").parameters;
  BOOST_REQUIRE(second.size() == 2u);
  BOOST_TEST(second[0].name == "second");
  BOOST_TEST(second[1].choices.size() == 3u);
}
