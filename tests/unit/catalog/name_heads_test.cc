#include "catalog/name_heads.h"

#include "base/glob.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(catalog_name_heads)

namespace {

std::vector<Experiment> selected(const Catalog& catalog,
                                 const std::string& pattern) {
  Query query;
  query.group = "main";
  query.patterns = {pattern};
  return select(catalog, query);
}

// What matches, name by name.
Texts one_by_one(const Family& family, const std::string& pattern) {
  Texts out;
  const Glob glob(pattern);
  for (std::uint64_t i = 0; i < family.size(); ++i)
    if (const auto name = family.name(i); glob.matches(name))
      out.push_back(name);
  return out;
}

void check(const Family& family) {
  const auto catalog = catalog_of({family});
  for (const auto* pattern :
       {"*", "a=1/*", "a=1*", "a=1?/*", "*/b=2", "a=[12]/b=3*", "{a=2,a=30}/*",
        "x/1/2", "x/1*", "*1*", "a=\\1/b=2", "a=1/b=2/c", "1-2/x", "?-*"}) {
    const auto wanted = one_by_one(catalog.families[0], pattern);
    if (wanted.empty()) continue;
    BOOST_TEST_CONTEXT(pattern) {
      BOOST_TEST(names_of(catalog, selected(catalog, pattern)) == wanted);
    }
  }
}

Family of_two(const std::string& name) {
  return sweep("main", name, {{"a", numbers(1, 30)}, {"b", numbers(1, 40)}});
}

}  // namespace

BOOST_AUTO_TEST_CASE(as_if_all_names_were_made) {
  for (const auto* name : {"a={a}/b={b}", "b={b}/a={a}", "x/{a}/{b}",
                           "{a}-{b}/x", "\xc3\xa9{a}{b}"})
    check(of_two(name));
  check(sweep("main", "a={a}", {{"a", numbers(1, 30)}}));
}

BOOST_AUTO_TEST_CASE(where_a_filter_dropped_some) {
  auto family = of_two("a={a}/b={b}");
  family.kept = {{3, 50}, {100, 100}, {700, 1'100}};
  check(family);
}

BOOST_AUTO_TEST_CASE(folders) {
  const auto catalog = catalog_of({of_two("a={a}/b={b}/c")});
  BOOST_CHECK_EQUAL(selected(catalog, "a=1").size(), 40u);
  BOOST_CHECK_EQUAL(selected(catalog, "a=1/b=2").size(), 1u);
}

// Beginnings are asked for once for each value, and no more than is worth it.
BOOST_AUTO_TEST_CASE(few_are_asked_for) {
  for (const auto& [b, wanted] : {std::pair{40, 30}, {4, 0}}) {
    auto family = sweep("main", "a={a}/b={b}",
                        {{"a", numbers(1, 30)}, {"b", numbers(1, b)}});
    family.prepare();
    int asked = 0;
    NameHeads heads(family, [&](std::string_view head) {
      ++asked;
      return head == "a=2" || head == "a=4";
    });
    BOOST_CHECK_EQUAL(asked, wanted);
    std::vector<std::uint64_t> points;
    for (auto i = heads.next(0); i < family.size(); i = heads.next(i + 1))
      points.push_back(i);
    BOOST_REQUIRE_EQUAL(points.size(), wanted ? 80u : 120u);
    BOOST_CHECK_EQUAL(points[0], wanted ? 40u : 0u);
    BOOST_CHECK_EQUAL(points[40], wanted ? 120u : 40u);
  }
}

BOOST_AUTO_TEST_SUITE_END()
