#include "catalog/parse.h"

#include <stdexcept>

#include "catalog/catalog.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(catalog_parse)

namespace {

constexpr const char* description = R"({
  "abi": [1, 2], "sdk": "0.1.0", "compiler": "gcc 12", "flags": "-O2",
  "commit": "abc", "dirty": true,
  "groups": [{"name": "main", "description": "Queues", "file": "q.cc",
              "line": 3},
             {"name": "typed", "config": "{\"class\": \"C\", \"x\": 1e-7}"}],
  "experiments": [
    {"id": 0, "group": "main", "name": "heavy", "file": "q.cc", "line": 7,
     "description": "one", "timeout": 1.5, "retries": 2,
     "parameters": [
       {"name": "load", "type": "double", "kind": "real", "value": 0.95,
        "label": "0.95"},
       {"name": "tags", "type": "std::vector<int>", "kind": "list",
        "element": "integer", "value": [1, 2], "label": "1,2"},
       {"name": "how", "type": "How", "kind": "choice", "value": "fast",
        "label": "fast", "choices": ["fast", "exact"]}]},
    {"id": 1, "group": "main", "name": "s/{n}/{f}", "file": "q.cc", "line": 9,
     "parameters": [
       {"name": "n", "type": "int", "kind": "integer", "value": 1,
        "label": "1"},
       {"name": "f", "type": "std::string", "kind": "text", "value": "",
        "label": "_"},
       {"name": "b", "type": "bool", "kind": "bool", "value": false,
        "label": "false"}],
     "axes": [{"parameter": 0, "values": [1, 2, 3]},
              {"parameter": 1, "values": ["a/b", "c"],
               "labels": ["a-b", "c"]}],
     "keep": [[1, 2], [5, 5]]},
    {"id": 2, "group": "main", "names": ["row/{{1}}", "row/2"],
     "file": "q.cc", "line": 20}],
  "problems": [{"message": "too bad", "file": "q.cc", "line": 30}]
})";

std::string failure_of(const char* text) {
  try {
    parse_description(text);
  } catch (const std::exception& error) {
    return error.what();
  }
  return "<none>";
}

}  // namespace

BOOST_AUTO_TEST_CASE(plugin_and_groups) {
  const auto d = parse_description(description);
  BOOST_CHECK_EQUAL(d.plugin.abi_major, 1u);
  BOOST_CHECK_EQUAL(d.plugin.abi_minor, 2u);
  BOOST_CHECK_EQUAL(d.plugin.sdk, "0.1.0");
  BOOST_CHECK_EQUAL(d.plugin.compiler, "gcc 12");
  BOOST_CHECK_EQUAL(d.plugin.flags, "-O2");
  BOOST_CHECK_EQUAL(d.plugin.commit, "abc");
  BOOST_CHECK(d.plugin.dirty == true);
  BOOST_REQUIRE_EQUAL(d.groups.size(), 2u);
  BOOST_CHECK_EQUAL(d.groups[0].name, "main");
  BOOST_CHECK_EQUAL(d.groups[0].config, "");
  BOOST_CHECK_EQUAL(d.groups[1].config, R"({"class": "C", "x": 1e-7})");
  BOOST_CHECK_EQUAL(d.groups[0].description, "Queues");
  BOOST_CHECK_EQUAL(d.groups[0].origin.line, 3u);
  BOOST_REQUIRE_EQUAL(d.problems.size(), 1u);
  BOOST_CHECK_EQUAL(d.problems[0].message, "too bad");
  BOOST_CHECK_EQUAL(d.problems[0].origin.line, 30u);
}

BOOST_AUTO_TEST_CASE(one_experiment) {
  const auto d = parse_description(description);
  BOOST_REQUIRE_EQUAL(d.families.size(), 3u);
  const Family& heavy = d.families[0];
  BOOST_CHECK_EQUAL(heavy.size(), 1u);
  BOOST_CHECK_EQUAL(heavy.name(0), "heavy");
  BOOST_CHECK_EQUAL(heavy.group, "main");
  BOOST_CHECK_EQUAL(heavy.description, "one");
  BOOST_CHECK(heavy.timeout == 1.5);
  BOOST_CHECK(heavy.retries == 2);
  BOOST_CHECK_EQUAL(heavy.origin.file, "q.cc");
  BOOST_CHECK_EQUAL(heavy.origin.line, 7u);
  BOOST_CHECK(heavy.parameters[0].kind == Kind::real);
  BOOST_CHECK_EQUAL(heavy.parameters[0].type, "double");
  BOOST_CHECK(heavy.parameters[1].kind == Kind::list);
  BOOST_CHECK(heavy.parameters[1].element == Kind::integer);
  BOOST_CHECK(heavy.parameters[2].kind == Kind::choice);
  BOOST_TEST(heavy.parameters[2].choices == (Texts{"fast", "exact"}));
  BOOST_CHECK_EQUAL(heavy.parameters_json(0),
                    R"({"load":0.95,"tags":[1,2],"how":"fast"})");
}

BOOST_AUTO_TEST_CASE(a_sweep) {
  const auto d = parse_description(description);
  const Family& s = d.families[1];
  BOOST_CHECK(!s.timeout);
  BOOST_CHECK(!s.retries);
  BOOST_CHECK_EQUAL(s.product(), 6u);
  BOOST_REQUIRE_EQUAL(s.size(), 3u);
  BOOST_CHECK_EQUAL(s.name(0), "s/1/c");
  BOOST_CHECK_EQUAL(s.name(1), "s/2/a-b");
  BOOST_CHECK_EQUAL(s.name(2), "s/3/c");
  BOOST_CHECK_EQUAL(s.parameters_json(1), R"({"n":2,"f":"a/b","b":false})");
  BOOST_CHECK_EQUAL(s.child_point(2), 5u);
}

BOOST_AUTO_TEST_CASE(several_names) {
  const auto d = parse_description(description);
  const Family& row = d.families[2];
  BOOST_REQUIRE_EQUAL(row.size(), 2u);
  BOOST_CHECK_EQUAL(row.name(0), "row/{1}");
  BOOST_CHECK_EQUAL(row.name(1), "row/2");
  BOOST_CHECK_EQUAL(row.child_id(1), 3u);
}

BOOST_AUTO_TEST_CASE(numbers_keep_their_value) {
  const auto d = parse_description(R"({"experiments": [{"group": "g",
    "name": "{x}", "parameters": [{"name": "x", "kind": "real", "value": 0,
    "label": "0"}], "axes": [{"parameter": 0, "values": [0.44, 1e300,
    9007199254740993, 18446744073709551615, -5, null, true]}]}]})");
  BOOST_REQUIRE_EQUAL(d.families.size(), 1u);
  BOOST_TEST(d.families[0].axes[0].listed_json ==
             (Texts{"0.44", "1e+300", "9007199254740993",
                    "18446744073709551615", "-5", "null", "true"}));
}

BOOST_AUTO_TEST_CASE(ranges) {
  const auto d = parse_description(R"({"experiments": [{"group": "g",
    "name": "{x}", "parameters": [{"name": "x", "kind": "integer", "value": 0,
    "label": "0"}],
    "axes": [{"parameter": 0, "first": -2, "step": 2, "count": 1000000}]}]})");
  BOOST_REQUIRE_EQUAL(d.families.size(), 1u);
  const Family& family = d.families[0];
  BOOST_CHECK_EQUAL(family.size(), 1000000u);
  BOOST_CHECK_EQUAL(family.name(0), "-2");
  BOOST_CHECK_EQUAL(family.name(999999), "1999996");
}

BOOST_AUTO_TEST_CASE(labels_default_to_the_values) {
  const auto d = parse_description(R"({"experiments": [{"group": "g",
    "name": "{x}", "parameters": [{"name": "x", "kind": "text",
    "value": "", "label": "_"}],
    "axes": [{"parameter": 0, "values": ["a\"b", "c"]}]}]})");
  BOOST_CHECK_EQUAL(d.families[0].name(0), "a\"b");
  BOOST_CHECK_EQUAL(d.families[0].parameter_json(0, 0), R"("a\"b")");
}

BOOST_AUTO_TEST_CASE(a_wrong_name_is_a_problem_of_its_own) {
  const auto d = parse_description(R"({"experiments": [
    {"group": "g", "name": "bad{x}", "file": "f.cc", "line": 4},
    {"group": "g", "name": "good"}]})");
  BOOST_REQUIRE_EQUAL(d.families.size(), 1u);
  BOOST_CHECK_EQUAL(d.families[0].name(0), "good");
  BOOST_REQUIRE_EQUAL(d.problems.size(), 1u);
  BOOST_CHECK(has(d.problems[0].message, "cannot register 'bad{x}'"));
  BOOST_CHECK_EQUAL(d.problems[0].origin.line, 4u);
}

BOOST_AUTO_TEST_CASE(an_empty_plugin) {
  const auto d = parse_description("{}");
  BOOST_CHECK(d.groups.empty() && d.families.empty() && d.problems.empty());
  BOOST_CHECK(!d.plugin.dirty);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_throws) {
  BOOST_CHECK_EQUAL(failure_of(R"({"error": "cannot load: no symbol"})"),
                    "cannot load: no symbol");
  BOOST_CHECK_NE(failure_of(""), "<none>");
  BOOST_CHECK_NE(failure_of("[]"), "<none>");
  BOOST_CHECK_NE(failure_of("{"), "<none>");
  BOOST_CHECK_NE(failure_of(R"({"groups": [1]})"), "<none>");
  BOOST_CHECK_NE(failure_of(R"({"experiments": [{"axes": [{"parameter": 3,
                     "values": [1]}]}]})"),
                 "<none>");
  BOOST_CHECK_NE(failure_of(R"({"experiments": [{"parameters": [{"name": "x"}],
                     "axes": [{"parameter": 0, "values": [1, 2],
                     "labels": ["1"]}]}]})"),
                 "<none>");
}

BOOST_AUTO_TEST_SUITE_END()
