#include "config/unmatched_patterns.h"

#include <chrono>
#include <random>

#include "support.h"

using namespace eh::host;
using namespace eh::host::test;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(config_unmatched_patterns)

namespace {

// main: fair, sweep/bias={0.1,0.5}/{1..20}; other: run.
Catalog coins() {
  return catalog_of(
      {single("main", "fair"),
       sweep("main", "sweep/bias={bias}/{seed}",
             {{"bias", {"0.1", "0.5"}}, {"seed", numbers(1, 20)}}),
       single("other", "run")});
}

Family prepared(Family family) {
  BOOST_REQUIRE_EQUAL(family.prepare(), "");
  return family;
}

Texts warnings(const std::string& text, const std::string& group = "",
               const std::string& section = "") {
  std::vector<ConfigMistake> mistakes;
  const ConfigFile file("FILE", text, section, mistakes);
  BOOST_TEST(mistakes.empty());
  return doubtful_patterns(coins(), file, group);
}

// Of patterns outside of "groups".
Texts warnings_of(const Texts& patterns) {
  std::string text;
  for (const auto& pattern : patterns)
    text += (text.empty() ? "" : ",\n") + ('"' + pattern) + "\": {}";
  return warnings("{\"experiments\": {\n" + text + "}}");
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_matches_is_not_told_of) {
  BOOST_TEST(warnings_of({"*", "fair", "f*", "sweep", "sweep/", "*/20",
                          "sweep/bias=0.5", "sweep/bias=0.[1-4]/7", "{x,run}",
                          "sweep/*/{2,99}"}) == Texts());
  BOOST_TEST(warnings("{}") == Texts());
}

BOOST_AUTO_TEST_CASE(what_does_not_is) {
  BOOST_TEST(warnings_of({"fair", "swep/*", "unfair"}) ==
             (Texts{"FILE:3:1: no experiment matches 'swep/*', did you mean"
                    " 'sweep/*'?",
                    "FILE:4:1: no experiment matches 'unfair', did you mean"
                    " 'fair'?"}));
  for (const auto* pattern : {"*/21", "sweep/*/", "a*", "sweep?", "fairy/*/x"})
    BOOST_CHECK_MESSAGE(warnings_of({pattern}).size() == 1, pattern);
  BOOST_TEST(warnings_of({"sweep/bais=0.5/*"})[0] ==
             "FILE:2:1: no experiment matches 'sweep/bais=0.5/*', did you mean"
             " 'sweep/bias=0.5/*' or 'sweep/bias=0.1/*'?");
}

BOOST_AUTO_TEST_CASE(groups_are_told_apart) {
  const std::string text =
      R"({"experiments": {"run": {}, "none": {}}, "groups": {
"main": {"experiments": {"run": {}, "fair": {}}},
"other": {"experiments": {"fair": {}, "run": {}}},
"absent": {"experiments": {"x": {}}}}})";
  const std::string none = "FILE:1:29: no experiment matches 'none'";
  const std::string main = "FILE:2:26: no experiment of 'main' matches 'run'";
  const std::string other =
      "FILE:3:27: no experiment of 'other' matches"
      " 'fair'";
  BOOST_TEST(warnings(text) == (Texts{none, main, other}));
  BOOST_TEST(warnings(text, "main") == (Texts{none, main}));
  BOOST_TEST(warnings(text, "other") == (Texts{none, other}));
}

BOOST_AUTO_TEST_CASE(only_layers_in_force) {
  const std::string text = R"({"sections": {"s": {"experiments": {"x": {}}}}})";
  BOOST_TEST(warnings(text) == Texts());
  BOOST_CHECK_EQUAL(warnings(text, "", "s").size(), 1u);
}

BOOST_AUTO_TEST_CASE(what_matches_others_than_was_meant_is) {
  BOOST_TEST(warnings_of({"sweep/*/[1-20]"}) ==
             Texts{"FILE:2:1: '[1-20]' takes one character, not a number"
                   " (write '{1..20}')"});
  BOOST_TEST(warnings_of({"sweep/*/{1..20}"}) == Texts());
  std::string braces;
  for (int i = 0; i < 14; ++i) braces += "{f,a}";
  BOOST_TEST(warnings_of({braces}) ==
             Texts{"FILE:2:1: the pattern stands for more than 10,000 texts, of"
                   " which the first count"});
}

BOOST_AUTO_TEST_CASE(many_are_counted) {
  Texts patterns;
  for (int i = 0; i < 25; ++i) patterns.push_back("x" + std::to_string(i));
  const auto told = warnings_of(patterns);
  BOOST_REQUIRE_EQUAL(told.size(), 21u);
  BOOST_CHECK_EQUAL(told[20], "FILE: the same of 5 more patterns");
}

BOOST_AUTO_TEST_CASE(nothing_loaded_says_nothing) {
  std::vector<ConfigMistake> mistakes;
  const ConfigFile file("FILE", R"({"experiments": {"x": {}}})", "", mistakes);
  BOOST_TEST(doubtful_patterns({}, file, "") == Texts());
}

// A thousand million names: none of them is made.
BOOST_AUTO_TEST_CASE(products_are_not_listed) {
  const auto family = prepared(sweep("main", "{a}/b={b}/{c}",
                                     {{"a", numbers(1, 1000)},
                                      {"b", numbers(1, 1000)},
                                      {"c", numbers(1, 1000)}}));
  BOOST_CHECK_EQUAL(family.size(), 1'000'000'000u);
  BOOST_CHECK(any_matches(family, Glob("*/b=1000/1000")));
  BOOST_CHECK(any_matches(family, Glob("1000/*")));
  BOOST_CHECK(!any_matches(family, Glob("*/b=1001/*")));
  BOOST_CHECK(!any_matches(family, Glob("1000/*/1001")));
}

BOOST_AUTO_TEST_CASE(a_filter_is_heeded) {
  auto family =
      sweep("main", "{a}/{b}", {{"a", numbers(0, 9)}, {"b", numbers(0, 9)}});
  family.kept = {{{0, 20}, {22, 99}}};  // all but 2/1
  family = prepared(family);
  BOOST_CHECK(any_matches(family, Glob("2/2")));
  BOOST_CHECK(!any_matches(family, Glob("2/1")));
  // A value that stands twice is the same.
  const auto twice = prepared(sweep(
      "main", "{a}/{b}/{a}", {{"a", numbers(0, 9)}, {"b", numbers(0, 9)}}));
  BOOST_CHECK(any_matches(twice, Glob("2/1/2")));
  BOOST_CHECK(!any_matches(twice, Glob("1/1/2")));
}

// The same as matching every name.
BOOST_AUTO_TEST_CASE(any_pattern) {
  std::mt19937 random(1);
  const auto one_of = [&](const Texts& texts) {
    return texts[random() % texts.size()];
  };
  const auto text_of = [&](const Texts& texts, std::size_t most) {
    std::string text;
    for (auto n = random() % (most + 1); n > 0; --n) text += one_of(texts);
    return text;
  };
  const Texts letters{"a", "b", "1", "\xc3\xa9", "/"};
  Texts pieces{"*", "?", "[ab]", "[!a]", "{a,b1}", "{/*,}", "**", "\\a"};
  pieces.insert(pieces.end(), letters.begin(), letters.end());
  int matched = 0;
  for (int round = 0; round < 3000; ++round) {
    Texts labels;
    for (int i = 0; i < 4; ++i) labels.push_back(text_of(letters, 2));
    const auto family = prepared(
        sweep("main",
              "x" + text_of(letters, 1) + "{p}" + text_of(letters, 1) + "{q}" +
                  "{r}" + text_of(letters, 1),
              {{"p", labels}, {"q", {"1", "b", "a", "a1"}}, {"r", labels}}));
    const Glob glob("x" + text_of(pieces, 5));
    bool expected = false;
    for (std::uint64_t i = 0; i < family.size(); ++i)
      expected = expected || glob.matches(family.name(i));
    matched += expected ? 1 : 0;
    BOOST_REQUIRE_MESSAGE(any_matches(family, glob) == expected,
                          glob.pattern() << " of " << family.name_template);
  }
  BOOST_CHECK_GT(matched, 300);
  BOOST_CHECK_LT(matched, 2700);
}

BOOST_AUTO_TEST_SUITE_END()
