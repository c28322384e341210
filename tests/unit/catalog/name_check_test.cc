#include "catalog/name_check.h"

#include "catalog/catalog.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(catalog_name_check)

namespace {

std::vector<std::string> problems(std::vector<Family> families) {
  std::vector<std::string> out;
  for (const auto& problem : check_names(catalog_of(std::move(families))))
    out.push_back(problem.message);
  return out;
}

void good(std::vector<Family> families) {
  for (const auto& message : problems(std::move(families)))
    BOOST_ERROR(message);
}

// One problem, which says all of this.
void bad(std::vector<Family> families, const Texts& parts) {
  const auto found = problems(std::move(families));
  BOOST_TEST_CONTEXT(parts.at(0)) {
    BOOST_REQUIRE_EQUAL(found.size(), 1u);
    for (const auto& part : parts)
      BOOST_CHECK_MESSAGE(has(found[0], part), found[0] << " lacks " << part);
  }
}

Family keep(Family family,
            std::vector<std::pair<std::uint64_t, std::uint64_t>> kept) {
  family.kept = std::move(kept);
  return family;
}

}  // namespace

BOOST_AUTO_TEST_CASE(different_names_are_good) {
  good({single("main", "a"), single("main", "b"), single("main", "c/d"),
        single("main", "c/e"), single("main", "ab"), single("other", "a"),
        batch("main", {"x", "y/z", "y/zz"}),
        sweep("main", "s/{a}/{b}", {{"a", {"1", "2"}}, {"b", {"1", "2"}}})});
  good({single("main", "a"), sweep("main", "a{n}", {{"n", numbers(1, 30)}})});
}

BOOST_AUTO_TEST_CASE(names_taken_twice) {
  bad({single("main", "a"), single("main", "a")},
      {"'a'", "'main'", "taken twice", "test.cc:1"});
  bad({single("main", "s/2"), sweep("main", "s/{n}", {{"n", {"1", "2"}}})},
      {"'s/2'", "taken twice"});
  bad({sweep("main", "{a}/{b}", {{"a", {"1", "2"}}, {"b", {"1", "2"}}}),
       sweep("main", "{b}/{a}", {{"a", {"2", "3"}}, {"b", {"2", "3"}}})},
      {"'2/2'", "taken twice"});
  bad({batch("main", {"a", "b", "a"})}, {"'a'", "taken twice"});
  bad({batch("main", {"a", "b"}), single("main", "b")}, {"'b'"});
}

BOOST_AUTO_TEST_CASE(a_leaf_inside_a_leaf) {
  bad({single("main", "a"), single("main", "a/b")}, {"'a'", "folder"});
  bad({single("main", "a/b/c"), single("main", "a/b")}, {"'a/b'", "folder"});
  bad({single("main", "s/1"),
       sweep("main", "s/{a}/{b}", {{"a", {"1", "2"}}, {"b", {"1", "2"}}})},
      {"'s/1'", "folder"});
  bad({sweep("main", "s/{a}", {{"a", {"1", "2"}}}),
       sweep("main", "s/{a}/x", {{"a", {"2", "3"}}})},
      {"'s/2'", "folder"});
  bad({batch("main", {"r/1", "r/1/x"})}, {"'r/1'", "folder"});
}

BOOST_AUTO_TEST_CASE(sharing_a_beginning_is_no_clash) {
  good({single("main", "a/b"), single("main", "a/bc"), single("main", "ab/c"),
        batch("main", {"a/b.d", "a/b-e"}),
        sweep("main", "a/c{n}", {{"n", {"1", "2"}}}),
        sweep("main", "a/{n}/{m}", {{"n", {"1", "2"}}, {"m", {"1"}}}),
        sweep("main", "a/{n}", {{"n", {"3", "4"}}})});
}

BOOST_AUTO_TEST_CASE(what_cannot_be_a_folder) {
  bad({single("main", "")}, {"empty"});
  bad({single("main", "/a")}, {"begin or end with '/'"});
  bad({single("main", "a/")}, {"begin or end with '/'"});
  bad({single("main", "a//b")}, {"'a//b'", "empty part"});
  bad({single("main", "a/./b")}, {"part '.'"});
  bad({single("main", "..")}, {"part '..'"});
  bad({single("main", "../escape")}, {"part '..'"});
  bad({single("main", "a\nb")}, {"control character", "a\\x0ab"});
  bad({single("main", "a\x7f")}, {"control character"});
  bad({single("main", "a\u009b")}, {"control character", "a\\u009b"});
  bad({single("main", "\u202ea")}, {"that is not seen", "\\u202ea"});
  bad({single("main", ".eh")}, {"reserved"});
  bad({single("main", "a/.eh-lease")}, {"reserved"});
  bad({batch("main", {"ok", "a//b"})}, {"'a//b'", "empty part"});
  good({single("main", ".hidden"), single("main", "a/eh"),
        single("main", "..."), single("main", "caf\xc3\xa9 x")});
}

BOOST_AUTO_TEST_CASE(long_parts) {
  good({single("main", std::string(255, 'x')),
        single("main",
               "a/" + std::string(255, 'y') + "/" + std::string(255, 'z'))});
  bad({single("main", std::string(256, 'x'))}, {"255 bytes"});
  bad({single("main", "a/" + std::string(256, 'x') + "/b")}, {"255 bytes"});
  // Neither piece is too long, but both together are.
  bad({sweep("main", std::string(250, 'x') + "{n}",
             {{"n", {"1", std::string(6, '9')}}})},
      {"255 bytes"});
  good({sweep("main", std::string(250, 'x') + "{n}",
              {{"n", {"1", std::string(5, '9')}}})});
}

BOOST_AUTO_TEST_CASE(wrong_labels) {
  bad({sweep("main", "s/{a}", {{"a", {"1", ".."}}})}, {"part '..'"});
  bad({sweep("main", "s/{a}/x", {{"a", {"1", ""}}})}, {"empty part"});
  bad({sweep("main", "{a}", {{"a", {"1", ".eh"}}})}, {"reserved"});
  bad({sweep("main", "{a}{b}", {{"a", {"."}}, {"b", {".", "x"}}})},
      {"part '..'"});
  bad({sweep("main", "{a}", {{"a", {"1", "x/y"}}})}, {"'/'"});
  good({sweep("main", "x{a}", {{"a", {"1", ".."}}})});
}

BOOST_AUTO_TEST_CASE(points_of_one_sweep_that_clash) {
  bad({sweep("main", "{a}{b}", {{"a", {"1", "11"}}, {"b", {"1", "11"}}})},
      {"'111'", "taken twice", "one sweep"});
  bad({sweep("main", "{a}-{b}", {{"a", {"1", "1-1"}}, {"b", {"1", "1-1"}}})},
      {"'1-1-1'", "taken twice"});
  bad({sweep("main", "{a}", {{"a", {"0.1", "0.1"}}})},
      {"'0.1'", "taken twice"});
  bad({sweep("main", "s/{a}/x", {{"a", {"1", "2", "1"}}})}, {"'s/1/x'"});
  good({sweep("main", "{a}{b}", {{"a", {"1", "2"}}, {"b", {"3", "4"}}})});
  good({sweep("main", "{a}-{b}", {{"a", {"1", "11"}}, {"b", {"1", "11"}}})});
}

BOOST_AUTO_TEST_CASE(a_name_that_lacks_a_swept_parameter) {
  bad({sweep("main", "s/{a}", {{"a", {"1", "2"}}, {"b", {"1", "2"}}})},
      {"'s/1'", "taken twice", "hold every swept parameter"});
  bad({sweep("main", "s", {{"a", {"1", "2"}}})}, {"'s'", "taken twice"});
  // Beside another family that shares its folder.
  bad({sweep("main", "s/{a}", {{"a", {"1", "2"}}, {"b", {"1", "2"}}}),
       single("main", "s/x")},
      {"taken twice"});
  good({sweep("main", "s/{a}", {{"a", {"1", "2"}}, {"b", {"1"}}})});
  // A filter may leave one value for each.
  good({keep(sweep("main", "s/{a}", {{"a", {"1", "2"}}, {"b", {"1", "2"}}}),
             {{0, 0}, {3, 3}})});
  bad({keep(sweep("main", "s/{a}", {{"a", {"1", "2"}}, {"b", {"1", "2"}}}),
            {{0, 0}, {2, 3}})},
      {"'s/2'"});
}

BOOST_AUTO_TEST_CASE(filters_remove_clashes) {
  good({single("main", "s/2"),
        keep(sweep("main", "s/{n}", {{"n", {"1", "2", "3"}}}),
             {{0, 0}, {2, 2}})});
  good(
      {keep(sweep("main", "s/{n}", {{"n", {"1", "2", "3"}}}), {{0, 0}, {2, 2}}),
       single("main", "s/2")});
  good(
      {keep(sweep("main", "s/{n}", {{"n", {"1", "2", "3"}}}), {{0, 0}, {2, 2}}),
       single("main", "s/2/x"), single("main", "s/2/y")});
  good({single("main", "s/2/x"), single("main", "s/2/y"),
        keep(sweep("main", "s/{n}", {{"n", {"1", "2", "3"}}}),
             {{0, 0}, {2, 2}})});
  good({keep(sweep("main", "{a}{b}", {{"a", {"1", "11"}}, {"b", {"1", "11"}}}),
             {{0, 1}, {3, 3}})});
  bad({keep(sweep("main", "s/{n}", {{"n", {"1", "2", "3"}}}), {{0, 0}, {2, 2}}),
       single("main", "s/2"), single("main", "s/2")},
      {"'s/2'", "taken twice"});
  bad({keep(sweep("main", "s/{n}", {{"n", {"1", "2", "3"}}}), {{1, 2}}),
       single("main", "s/2")},
      {"'s/2'", "taken twice"});
  good({keep(single("main", "a"), {}), single("main", "a")});
}

BOOST_AUTO_TEST_CASE(filters_remove_wrong_names) {
  good({keep(sweep("main", "s/{a}", {{"a", {"1", "..", "3"}}}),
             {{0, 0}, {2, 2}})});
}

BOOST_AUTO_TEST_CASE(one_message_for_each_pair) {
  // A hundred names clash, for one reason.
  BOOST_CHECK_EQUAL(problems({sweep("main", "s/{n}", {{"n", numbers(1, 100)}}),
                              sweep("main", "s/{n}", {{"n", numbers(1, 100)}})})
                        .size(),
                    1u);
}

BOOST_AUTO_TEST_CASE(groups) {
  Catalog catalog = catalog_of({single("main", "a")});
  catalog.groups.push_back({"main", "", {0, "other.cc", 5}});
  auto found = check_names(catalog);
  BOOST_REQUIRE_EQUAL(found.size(), 1u);
  BOOST_CHECK(has(found[0].message, "'main' is defined twice"));
  BOOST_CHECK(has(found[0].message, "test.cc:1"));
  BOOST_CHECK_EQUAL(found[0].origin.line, 5u);

  catalog = catalog_of({single("main", "a")});
  catalog.families[0].group = "mian";
  found = check_names(catalog);
  BOOST_REQUIRE_EQUAL(found.size(), 1u);
  BOOST_CHECK(has(found[0].message, "no EH_GROUP defines the group 'mian'"));
  BOOST_CHECK(has(found[0].message, "did you mean 'main'"));

  for (const auto* name : {"", "a/b", "..", ".eh", "-x", "a\nb"}) {
    catalog = catalog_of({});
    catalog.groups.push_back({name, "", {}});
    BOOST_CHECK_MESSAGE(check_names(catalog).size() == 1, name);
  }
}

// Listing these would not end.
BOOST_AUTO_TEST_CASE(huge_sweeps_are_not_listed) {
  const auto thousand = numbers(1, 1000);
  good({sweep("main", "{a}/{b}", {{"a", thousand}, {"b", thousand}})});
  good({sweep("main", "s/a={a}/b={b}-c={c}/{d}",
              {{"a", thousand},
               {"b", thousand},
               {"c", thousand},
               {"d", thousand}}),
        single("main", "s/other"), single("main", "s/a=1x"),
        sweep("main", "t/{a}", {{"a", thousand}})});
  bad({sweep("main", "s/{a}/{b}/{c}/{d}",
             {{"a", thousand},
              {"b", thousand},
              {"c", thousand},
              {"d", thousand}}),
       single("main", "s/7/8/9")},
      {"'s/7/8/9'", "folder"});
}

BOOST_AUTO_TEST_CASE(huge_ranges_are_not_listed) {
  auto family = sweep("main", "s/{a}/{b}", {{"a", {"1"}}, {"b", {"1"}}});
  family.axes = {range(0, -5, 1, 1'000'000'000), range(1, 0, 7, 1'000'000'000)};
  good({family});
  auto joined = sweep("main", "t/{a}x{b}", {{"a", {"1"}}, {"b", {"1"}}});
  joined.axes = family.axes;
  good({joined, single("main", "u")});
}

BOOST_AUTO_TEST_CASE(huge_sweeps_that_lack_a_parameter) {
  auto family = sweep("main", "s/{b}", {{"a", {"1"}}, {"b", {"1"}}});
  family.axes = {range(0, 1, 1, 1'000'000), range(1, 1, 1, 1'000'000'000)};
  bad({family}, {"'s/1'", "hold every swept parameter"});
  // One value of a for each of b.
  family.axes = {range(0, 0, 1, 20'000), range(1, 0, 1, 20'000)};
  family.kept.emplace();
  for (std::uint64_t i = 0; i < 20'000; ++i)
    family.kept->emplace_back(i * 20'001, i * 20'001);
  good({family});
}

BOOST_AUTO_TEST_CASE(ranges_without_a_sign_between) {
  auto family = sweep("main", "{a}{b}", {{"a", {"1"}}, {"b", {"1"}}});
  family.axes = {range(0, 1, 1, 20), range(1, 1, 1, 20)};
  bad({family}, {"taken twice"});
  family = sweep("main", "{a}-{b}", {{"a", {"1"}}, {"b", {"1"}}});
  family.axes = {range(0, 1, 1, 20), range(1, 1, 1, 20)};
  good({family});
}

BOOST_AUTO_TEST_CASE(many_families) {
  std::vector<Family> families;
  for (int i = 0; i < 2000; ++i)
    families.push_back(
        single("main", "f" + std::to_string(i % 50) + "/" + std::to_string(i)));
  families.push_back(single("main", "f7/1007"));
  bad(std::move(families), {"'f7/1007'", "taken twice"});
}

BOOST_AUTO_TEST_CASE(no_group_is_called_like_a_command) {
  auto catalog = catalog_of({single("clean", "a"), single("cleaner", "a")});
  const auto found = check_names(catalog);
  BOOST_REQUIRE_EQUAL(found.size(), 1u);
  BOOST_CHECK(has(found[0].message, "cannot name a group 'clean'"));
  BOOST_CHECK(has(found[0].message, "EH_GROUP_NAMED"));
}

BOOST_AUTO_TEST_CASE(names_taken_twice_are_counted) {
  const auto found = check_names(catalog_of(
      {batch("main", {"a", "b", "c"}), batch("main", {"c", "a", "b"})}));
  BOOST_REQUIRE_EQUAL(found.size(), 1u);
  BOOST_CHECK_EQUAL(found[0].count, 3u);
}

BOOST_AUTO_TEST_SUITE_END()
