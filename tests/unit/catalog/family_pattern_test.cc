#include "catalog/family_pattern.h"

#include "base/glob.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(catalog_family_pattern)

BOOST_AUTO_TEST_CASE(families) {
  Family family = sweep("main", "s/c={c}/load={load}/{seed}/{one}",
                        {{"c", {"1", "2", "4"}},
                         {"load", {"0.1", "0.5"}},
                         {"seed", numbers(1, 20)},
                         {"one", {"x"}}});
  family.prepare();
  BOOST_CHECK_EQUAL(family_pattern(family),
                    "s/c={1,2,4}/load={0.1,0.5}/{1..20}/x");
  BOOST_CHECK_EQUAL(long_axes_text(family), "");
  family.axes[2] = range(2, 1, 1, 1'000'000'000);
  family.axes[0] = range(0, 0, 5, 1'000'000'000);
  BOOST_CHECK_EQUAL(family_pattern(family),
                    "s/c=*/load={0.1,0.5}/{1..1000000000}/x");
  BOOST_CHECK_EQUAL(long_axes_text(family), "c=0,5,...,4999999995");
  Family alone = single("main", "baseline");
  alone.prepare();
  BOOST_CHECK_EQUAL(family_pattern(alone), "baseline");
}

// It takes all names of the family.
BOOST_AUTO_TEST_CASE(what_is_printed_is_a_pattern) {
  auto family = sweep("main", "s[1]{{x/{a}/{b}/{c}",
                      {{"a", {"a,b", "}", "*", "1..3", "[1]"}},
                       {"b", numbers(0, 40)},
                       {"c", {"0.1", "0.2"}}});
  family.prepare();
  Texts names;
  for (std::uint64_t i = 0; i < family.size(); ++i)
    names.push_back(family.name(i));
  const Glob glob(family_pattern(family));
  for (const auto& name : names) BOOST_CHECK_MESSAGE(glob.matches(name), name);
  BOOST_CHECK(!glob.matches("s[1]{x/2/1/0.1"));
}

BOOST_AUTO_TEST_SUITE_END()
