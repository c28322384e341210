#include "plan/selection.h"

#include <algorithm>
#include <set>

#include "support.h"

using namespace eh::host;
using namespace eh::host::test;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(plan_selection)

namespace {

Catalog queues() {
  auto filtered = sweep("main", "kept/{n}", {{"n", {"1", "2", "3"}}});
  filtered.kept = {{{2, 2}}};
  return catalog_of({single("main", "baseline"), single("main", "heavy"),
                     sweep("main", "sweep/c={c}/{seed}",
                           {{"c", {"1", "2"}}, {"seed", {"1", "2"}}}),
                     batch("main", {"day/1", "day/2", "night/1"}),
                     std::move(filtered), single("main", "odd[1]"),
                     single("main", "odd1"), single("other", "heavy")});
}

Texts chosen_by(const Query& query) {
  const Catalog catalog = queues();
  return names_of(catalog, select(catalog, query));
}

Texts chosen(Texts patterns, Texts exclude = {}, std::string where = {}) {
  return chosen_by(
      {"main", std::move(patterns), std::move(exclude), std::move(where), {}});
}

void refused(const Query& query, ExitCode code, Texts parts) {
  const Catalog catalog = queues();
  BOOST_TEST_CONTEXT(parts.at(0))
  BOOST_CHECK_EXCEPTION(select(catalog, query), Error, error_with(code, parts));
}

}  // namespace

BOOST_AUTO_TEST_CASE(no_pattern_means_all_in_order_of_registration) {
  const Texts all{"baseline",    "heavy",       "sweep/c=1/1", "sweep/c=1/2",
                  "sweep/c=2/1", "sweep/c=2/2", "day/1",       "day/2",
                  "night/1",     "kept/3",      "odd[1]",      "odd1"};
  BOOST_TEST(chosen(Texts{}) == all);
  BOOST_TEST(chosen(Texts{"*"}) == all);
}

BOOST_AUTO_TEST_CASE(order_of_the_patterns_each_once) {
  BOOST_TEST(chosen({"night/*", "heavy", "baseline"}) ==
             (Texts{"night/1", "heavy", "baseline"}));
  BOOST_TEST(chosen({"*/2", "sweep/*"}) ==
             (Texts{"sweep/c=1/2", "sweep/c=2/2", "day/2", "sweep/c=1/1",
                    "sweep/c=2/1"}));
  BOOST_TEST(chosen({"heavy", "heavy", "h*"}) == Texts{"heavy"});
}

BOOST_AUTO_TEST_CASE(a_folder_stands_for_what_is_in_it) {
  BOOST_TEST(chosen({"day"}) == (Texts{"day/1", "day/2"}));
  BOOST_TEST(chosen({"day/"}) == (Texts{"day/1", "day/2"}));
  BOOST_TEST(chosen({"sweep/c=2"}) == (Texts{"sweep/c=2/1", "sweep/c=2/2"}));
  BOOST_TEST(chosen({"{day,night}"}) == (Texts{"day/1", "day/2", "night/1"}));
  // Only where the pattern itself matches nothing.
  BOOST_TEST(chosen({"*/1"}) ==
             (Texts{"sweep/c=1/1", "sweep/c=2/1", "day/1", "night/1"}));
}

BOOST_AUTO_TEST_CASE(names_match_letter_by_letter_too) {
  BOOST_TEST(chosen({"odd[1]"}) == (Texts{"odd[1]", "odd1"}));
  BOOST_TEST(chosen({"odd\\[1]"}) == Texts{"odd[1]"});
}

BOOST_AUTO_TEST_CASE(folders_match_letter_by_letter_too) {
  const auto catalog =
      catalog_of({single("main", "x[1]/a"), single("main", "y/b")});
  BOOST_TEST(
      names_of(catalog, select(catalog, {"main", {"x[1]"}, {}, "", {}})) ==
      Texts{"x[1]/a"});
}

BOOST_AUTO_TEST_CASE(groups_are_apart) {
  BOOST_TEST(chosen_by({"other", {"*"}, {}, "", {}}) == Texts{"heavy"});
}

BOOST_AUTO_TEST_CASE(excluded_ones_are_left_out) {
  BOOST_TEST(chosen({"sweep/*", "heavy"}, {"*/1"}) ==
             (Texts{"sweep/c=1/2", "sweep/c=2/2", "heavy"}));
  BOOST_TEST(chosen({"odd*", "heavy"}, {"odd[1]"}) == Texts{"heavy"});
}

BOOST_AUTO_TEST_CASE(by_parameters) {
  BOOST_TEST(chosen({}, {}, "c==2") == (Texts{"sweep/c=2/1", "sweep/c=2/2"}));
  BOOST_TEST(chosen({"*/1"}, {}, "c<9") ==
             (Texts{"sweep/c=1/1", "sweep/c=2/1"}));
  BOOST_TEST(chosen({}, {"*/1"}, "seed==2 || n==3") ==
             (Texts{"sweep/c=1/2", "sweep/c=2/2", "kept/3"}));
}

BOOST_AUTO_TEST_CASE(shards_divide_all) {
  const auto catalog =
      catalog_of({sweep("main", "s/{n}", {{"n", numbers(1, 200)}})});
  for (const std::size_t count : {1, 3, 7}) {
    std::set<std::string> seen;
    std::size_t sum = 0;
    for (std::size_t index = 1; index <= count; ++index) {
      const auto part = names_of(
          catalog, select(catalog, {"main", {}, {}, "", Shard{index, count}}));
      BOOST_TEST(part.size() > 200 / count / 2);
      sum += part.size();
      seen.insert(part.begin(), part.end());
    }
    BOOST_CHECK_EQUAL(sum, 200u);
    BOOST_CHECK_EQUAL(seen.size(), 200u);
  }
}

BOOST_AUTO_TEST_CASE(shards_are_the_same_for_other_selections) {
  const auto small =
      catalog_of({sweep("main", "s/{n}", {{"n", numbers(1, 50)}})});
  const auto large =
      catalog_of({single("main", "first"),
                  sweep("main", "s/{n}", {{"n", numbers(1, 80)}})});
  const Shard shard{2, 3};
  const auto some = names_of(small, select(small, {"main", {}, {}, "", shard}));
  const auto more =
      names_of(large, select(large, {"main", {"s"}, {}, "", shard}));
  BOOST_REQUIRE(!some.empty());
  for (const auto& name : some)
    BOOST_CHECK(std::find(more.begin(), more.end(), name) != more.end());
}

BOOST_AUTO_TEST_CASE(an_empty_shard_is_no_mistake) {
  std::size_t sum = 0;
  for (std::size_t i = 1; i <= 50; ++i)
    sum += chosen_by({"main", {"heavy"}, {}, "", Shard{i, 50}}).size();
  BOOST_CHECK_EQUAL(sum, 1u);
}

namespace {

std::string warning_of(const Query& query) {
  std::string warning;
  const Catalog catalog = queues();
  select(catalog, query, &warning);
  return warning;
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_was_asked_for_without_effect) {
  BOOST_CHECK_EQUAL(warning_of({"main", {"heavy"}, {}, "", {}}), "");
  BOOST_CHECK_EQUAL(warning_of({"main", {}, {"h*", "*/1"}, "", {}}), "");
  BOOST_CHECK_EQUAL(warning_of({"main", {}, {"h*", "zz*"}, "", {}}),
                    "--exclude 'zz*' leaves none of them out");
  std::size_t empty = 0;
  for (std::size_t i = 1; i <= 50; ++i) {
    const auto warning = warning_of({"main", {"heavy"}, {}, "", Shard{i, 50}});
    if (warning.empty()) continue;
    ++empty;
    BOOST_CHECK_EQUAL(warning, "part " + std::to_string(i) +
                                   " of 50 has none of the 1 experiment");
  }
  BOOST_CHECK_EQUAL(empty, 49u);
}

BOOST_AUTO_TEST_CASE(a_condition_where_a_pattern_belongs) {
  refused({"main", {"seed=3"}, {}, "", {}}, exit_no_match,
          {"'seed=3', and 'seed' is a parameter (--where chooses by these)"});
  refused({"main", {"speed=3"}, {}, "", {}}, exit_no_match,
          {"no experiment is called 'speed=3'"});
}

BOOST_AUTO_TEST_CASE(no_such_group) {
  refused({"mian", {}, {}, "", {}}, exit_usage,
          {"no group 'mian'", "did you mean 'main'"});
  refused({"exprot", {}, {}, "", {}}, exit_usage, {"did you mean 'export'"});
  refused({"zzzzzzzz", {}, {}, "", {}}, exit_usage, {"no group 'zzzzzzzz'"});
}

BOOST_AUTO_TEST_CASE(nothing_matched) {
  refused({"main", {"baselin"}, {}, "", {}}, exit_no_match,
          {"no experiment is called 'baselin'", "did you mean 'baseline'",
           "--list"});
  refused({"main", {"zz*"}, {}, "", {}}, exit_no_match,
          {"nothing matched", "no experiment matches 'zz*'"});
  refused({"main", {"heavy"}, {"h*"}, "", {}}, exit_no_match,
          {"1 experiment", "--exclude"});
  refused({"main", {}, {}, "c==1 && c==2", {}}, exit_no_match,
          {"--where 'c==1 && c==2'", "12 experiments"});
}

BOOST_AUTO_TEST_CASE(a_group_without_experiments) {
  auto filtered = sweep("main", "{n}", {{"n", {"1"}}});
  filtered.kept.emplace();
  auto catalog = catalog_of({filtered});
  catalog.groups.push_back({"empty", "", {}});
  for (const auto* group : {"empty", "main"})
    BOOST_CHECK_EXCEPTION(select(catalog, {group, {}, {}, "", {}}), Error,
                          error_with(exit_no_match, {"has no experiments"}));
}

BOOST_AUTO_TEST_CASE(no_such_parameter) {
  refused({"main", {}, {}, "seeed==1", {}}, exit_usage,
          {"no experiment of 'main'", "'seeed'", "did you mean 'seed'"});
  refused({"main", {}, {}, "seed==x", {}}, exit_usage, {"'x' is not a number"});
  refused({"main", {}, {}, "seed==", {}}, exit_usage, {"cannot read --where"});
}

BOOST_AUTO_TEST_CASE(shards_as_text) {
  BOOST_CHECK_EQUAL(parse_shard("2/5").index, 2u);
  BOOST_CHECK_EQUAL(parse_shard("2/5").count, 5u);
  BOOST_CHECK_EQUAL(parse_shard("1/1").count, 1u);
  for (const auto* text : {"", "1", "/", "0/4", "5/4", "1/0", "-1/4", "1/4x",
                           "a/b", "1/", "/4", "1/4/2", " 1/4", "1.0/4"})
    BOOST_CHECK_EXCEPTION(parse_shard(text), Error,
                          error_with(exit_usage, {text, "m/n"}));
}

BOOST_AUTO_TEST_CASE(patterns_from_a_file) {
  const TemporaryDirectory folder;
  folder.write("list", "  heavy \r\n\n# a comment\nsweep/*\nlast # one");
  BOOST_TEST(patterns_from_file(folder / "list") ==
             (Texts{"heavy", "sweep/*", "last # one"}));
  folder.write("marked", "\xEF\xBB\xBFheavy\r\nfair\r\n");
  BOOST_TEST(patterns_from_file(folder / "marked") == (Texts{"heavy", "fair"}));
  folder.write("none", "\n# nothing\n");
  BOOST_CHECK_EXCEPTION(patterns_from_file(folder / "none"), Error,
                        error_with(exit_no_match, {"names nothing"}));
  BOOST_CHECK_EXCEPTION(patterns_from_file(folder / "missing"), Error,
                        error_with(exit_usage, {"No such file"}));
}

BOOST_AUTO_TEST_SUITE_END()
