#include "catalog/catalog.h"

#include <limits>

#include "support.h"

using namespace eh::host;
using namespace eh::host::test;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(catalog_catalog)

namespace {

Texts names(const Family& family) {
  Texts out;
  for (std::uint64_t i = 0; i < family.size(); ++i)
    out.push_back(family.name(i));
  return out;
}

Family prepared(Family family) {
  BOOST_REQUIRE_EQUAL(family.prepare(), "");
  return family;
}

std::string wrong(const std::string& name_template) {
  Family family = sweep("main", name_template, {{"a", {"1"}}});
  return family.prepare();
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_last_axis_is_fastest) {
  const auto family = prepared(
      sweep("main", "{a}/b={b}-{c}",
            {{"a", {"1", "2"}}, {"b", {"x", "y"}}, {"c", {"7", "8"}}}));
  BOOST_TEST(names(family) ==
             (Texts{"1/b=x-7", "1/b=x-8", "1/b=y-7", "1/b=y-8", "2/b=x-7",
                    "2/b=x-8", "2/b=y-7", "2/b=y-8"}));
  BOOST_CHECK_EQUAL(family.axis_value(5, 0), 1u);
  BOOST_CHECK_EQUAL(family.axis_value(5, 1), 0u);
  BOOST_CHECK_EQUAL(family.axis_value(5, 2), 1u);
}

BOOST_AUTO_TEST_CASE(the_order_is_that_of_the_axes_not_of_the_name) {
  const auto family =
      prepared(sweep("main", "{b}{a}", {{"a", {"1", "2"}}, {"b", {"x", "y"}}}));
  BOOST_TEST(names(family) == (Texts{"x1", "y1", "x2", "y2"}));
}

BOOST_AUTO_TEST_CASE(kept_ranges) {
  auto family =
      sweep("main", "{a}{b}", {{"a", {"1", "2", "3"}}, {"b", {"x", "y"}}});
  family.kept = {{{0, 0}, {2, 3}, {5, 5}}};
  family.id = 40;
  family = prepared(std::move(family));
  BOOST_TEST(names(family) == (Texts{"1x", "2x", "2y", "3y"}));
  BOOST_CHECK_EQUAL(family.product(), 6u);
  // eh-child counts all points.
  BOOST_CHECK_EQUAL(family.child_point(0), 0u);
  BOOST_CHECK_EQUAL(family.child_point(1), 2u);
  BOOST_CHECK_EQUAL(family.child_point(3), 5u);
  BOOST_CHECK_EQUAL(family.child_id(3), 40u);
  BOOST_CHECK_EQUAL(family.parameter_json(3, 1), "y");
}

BOOST_AUTO_TEST_CASE(a_filter_may_keep_nothing) {
  auto family = sweep("main", "{a}", {{"a", {"1", "2"}}});
  family.kept.emplace();
  family = prepared(std::move(family));
  BOOST_CHECK_EQUAL(family.size(), 0u);
}

BOOST_AUTO_TEST_CASE(doubled_braces_are_literal) {
  const auto family =
      prepared(sweep("main", "{{{a}}}-{{a}}-}}{{", {{"a", {"1", "2"}}}));
  BOOST_TEST(names(family) == (Texts{"{1}-{a}-}{", "{2}-{a}-}{"}));
}

BOOST_AUTO_TEST_CASE(parameters_that_are_not_swept_stand_in_names) {
  Family family = single("main", "load={load}/{seed}");
  family.parameters = {real("load", "0.5"), integer("seed", "7")};
  family.parameters[0].label = "half";
  family.axes = {axis(1, {"1", "2"})};
  family = prepared(std::move(family));
  BOOST_TEST(names(family) == (Texts{"load=half/1", "load=half/2"}));
}

BOOST_AUTO_TEST_CASE(wrong_templates) {
  BOOST_TEST(has(wrong("x{a"), "'{' without '}'"));
  BOOST_TEST(has(wrong("x}a"), "'}' without '{'"));
  BOOST_TEST(has(wrong("x{b}"), "{b}, which is not a parameter"));
  BOOST_TEST(has(wrong("x{}"), "is not a parameter"));
  BOOST_TEST(has(wrong("{a}}"), "'}' without '{'"));
  Family batch_of = batch("main", {"good", "bad{"});
  BOOST_TEST(has(batch_of.prepare(), "'{' without '}'"));
  Family empty = sweep("main", "{a}", {{"a", {}}});
  BOOST_TEST(has(empty.prepare(), "without values"));
}

BOOST_AUTO_TEST_CASE(several_names) {
  auto family = batch("main", {"b", "a/{{x}}", "c"});
  family.id = 5;
  family = prepared(std::move(family));
  BOOST_TEST(names(family) == (Texts{"b", "a/{x}", "c"}));
  BOOST_CHECK_EQUAL(family.child_id(2), 7u);
  BOOST_CHECK_EQUAL(family.child_point(2), 0u);
  BOOST_CHECK_EQUAL(family.parameters_json(1), "{}");
}

BOOST_AUTO_TEST_CASE(one_experiment_is_a_family_too) {
  auto family = single("main", "baseline");
  family.id = 9;
  family = prepared(std::move(family));
  BOOST_TEST(names(family) == Texts{"baseline"});
  BOOST_CHECK_EQUAL(family.child_id(0), 9u);
  BOOST_CHECK_EQUAL(family.child_point(0), 0u);
}

BOOST_AUTO_TEST_CASE(parameters_of_a_point) {
  Family family = single("main", "{load}");
  family.parameters = {integer("seed", "1"), real("load", "0.5"),
                       text("file", "x")};
  family.axes = {axis(1, {"0.1", "0.25"})};
  family.axes[0].listed_labels = {"low", "high"};
  family = prepared(std::move(family));
  BOOST_CHECK_EQUAL(family.name(1), "high");
  BOOST_CHECK_EQUAL(family.parameter_label(1, 1), "high");
  BOOST_CHECK_EQUAL(family.parameter_json(1, 1), "0.25");
  BOOST_CHECK_EQUAL(family.parameter_label(1, 2), "x");
  BOOST_CHECK_EQUAL(family.parameters_json(1),
                    R"({"seed":1,"load":0.25,"file":"x"})");
  BOOST_CHECK(family.axis_of(1) == 0u);
  BOOST_CHECK(!family.axis_of(0));
}

BOOST_AUTO_TEST_CASE(huge_sweeps_are_counted_not_listed) {
  const auto many = numbers(1, 65536);
  auto family = prepared(
      sweep("main", "{a}/{b}/{c}", {{"a", many}, {"b", many}, {"c", many}}));
  BOOST_CHECK_EQUAL(family.size(), std::uint64_t{1} << 48);
  BOOST_CHECK_EQUAL(family.name((std::uint64_t{1} << 48) - 1),
                    "65536/65536/65536");
  auto too_many =
      sweep("main", "{a}/{b}/{c}/{d}/{e}",
            {{"a", many}, {"b", many}, {"c", many}, {"d", many}, {"e", many}});
  BOOST_TEST(has(too_many.prepare(), "2^64"));
}

BOOST_AUTO_TEST_CASE(ranges_take_no_room) {
  Family family = sweep("main", "{a}/{b}", {{"a", {"x", "y"}}, {"b", {"1"}}});
  family.axes[1] = range(1, -5, 5, 1'000'000'000);
  family = prepared(std::move(family));
  BOOST_CHECK_EQUAL(family.size(), 2'000'000'000u);
  BOOST_CHECK_EQUAL(family.name(0), "x/-5");
  BOOST_CHECK_EQUAL(family.name(2), "x/5");
  BOOST_CHECK_EQUAL(family.name(1'000'000'000), "y/-5");
  BOOST_CHECK_EQUAL(family.parameters_json(1'999'999'999),
                    R"({"a":y,"b":4999999990})");
  BOOST_CHECK_EQUAL(family.parameter_label(3, 1), "10");
}

BOOST_AUTO_TEST_CASE(ranges_end_where_integers_do) {
  const auto down = range(0, INT64_MAX, -1, 2);
  BOOST_CHECK_EQUAL(down.json(1), "9223372036854775806");
  const auto whole = range(0, INT64_MIN, INT64_MAX, 3);
  BOOST_CHECK_EQUAL(whole.label(0), "-9223372036854775808");
  BOOST_CHECK_EQUAL(whole.label(1), "-1");
  BOOST_CHECK_EQUAL(whole.label(2), "9223372036854775806");
}

BOOST_AUTO_TEST_CASE(groups_and_places) {
  Catalog catalog = catalog_of({single("main", "a"), single("other", "b")});
  BOOST_TEST(catalog.group_names() == (Texts{"main", "other"}));
  BOOST_REQUIRE(catalog.find_group("other"));
  BOOST_CHECK(!catalog.find_group("oth"));
  BOOST_CHECK_EQUAL(catalog.where({0, "queue.cc", 12}), "queue.cc:12");
  catalog.plugins.push_back(catalog.plugins[0]);
  catalog.plugins[1].path = "/plugins/b.so";
  BOOST_CHECK_EQUAL(catalog.where({1, "queue.cc", 12}),
                    "queue.cc:12 in /plugins/b.so");
}

BOOST_AUTO_TEST_SUITE_END()
