#include "events/failure_kinds.h"

#include "support.h"

using namespace eh::host;

BOOST_AUTO_TEST_SUITE(events_failure_kinds)

BOOST_AUTO_TEST_CASE(alike_but_for_numbers_and_names) {
  FailureKinds kinds;
  BOOST_CHECK_EQUAL(kinds.add("failed", "no file 's/1/in' (1 of 20)", "s/1"),
                    0u);
  BOOST_CHECK_EQUAL(kinds.add("failed", "out of range", "s/2"), 1u);
  BOOST_CHECK_EQUAL(kinds.add("failed", "no file 's/3/in' (3 of 20)", "s/3"),
                    0u);
  BOOST_CHECK_EQUAL(kinds.add("timeout", "out of range", "s/4"), 2u);
  BOOST_REQUIRE_EQUAL(kinds.all().size(), 3u);
  BOOST_CHECK_EQUAL(kinds.all()[0].count, 2u);
  BOOST_CHECK_EQUAL(kinds.all()[0].message, "no file 's/1/in' (1 of 20)");
}

BOOST_AUTO_TEST_CASE(the_most_frequent_first) {
  FailureKinds kinds;
  for (int i = 0; i < 6; ++i)
    kinds.add("failed", i % 3 == 0 ? "rare" : "often", std::to_string(i));
  BOOST_TEST(kinds.by_count() == (std::vector<std::size_t>{1, 0}));
}

BOOST_AUTO_TEST_CASE(names_fold) {
  FailureKinds kinds;
  kinds.add("failed", "m", "run10");
  BOOST_CHECK_EQUAL(kinds.all()[0].names_text(), "run10");
  kinds.add("failed", "m", "run9");
  kinds.add("failed", "m", "run8");
  BOOST_CHECK_EQUAL(kinds.all()[0].names_text(), "run{8..10}");
  for (const auto* name : {"a", "b", "c"}) kinds.add("failed", "m", name);
  BOOST_CHECK_EQUAL(kinds.all()[0].names_text(), "a, b, c and 3 more");
  FailureKinds many;
  for (int i = 0; i < 5000; ++i)
    many.add("failed", "m", "s/" + std::to_string(i + 1000));
  BOOST_CHECK_EQUAL(many.all()[0].names_text(),
                    "s/{1000..1999} and 4,000 more");
}

BOOST_AUTO_TEST_SUITE_END()
