#include "base/fold.h"

#include "base/glob.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(base_fold)

namespace {

Texts folded(const Texts& names) {
  return eh::host::fold(names);
}

}  // namespace

BOOST_AUTO_TEST_CASE(numbers_that_count_up_fold) {
  BOOST_TEST(folded({"run1", "run2", "run3"}) == Texts{"run{1..3}"});
  BOOST_TEST(folded({"run9", "run10", "run11"}) == Texts{"run{9..11}"});
  BOOST_TEST(folded({"c=1/x", "c=2/x"}) == Texts{"c={1..2}/x"});
  Texts twenty;
  for (int i = 1; i <= 20; ++i) twenty.push_back("run" + std::to_string(i));
  BOOST_TEST(folded(twenty) == Texts{"run{1..20}"});
}

BOOST_AUTO_TEST_CASE(what_does_not_count_up_stays) {
  BOOST_TEST(folded({}) == Texts{});
  BOOST_TEST(folded({"a"}) == Texts{"a"});
  BOOST_TEST(folded({"run1"}) == Texts{"run1"});
  BOOST_TEST(folded({"run1", "run3"}) == (Texts{"run1", "run3"}));
  BOOST_TEST(folded({"run2", "run1"}) == (Texts{"run2", "run1"}));
  BOOST_TEST(folded({"run1", "run1"}) == (Texts{"run1", "run1"}));
  BOOST_TEST(folded({"a1", "b2"}) == (Texts{"a1", "b2"}));
  BOOST_TEST(folded({"a", "b"}) == (Texts{"a", "b"}));
}

BOOST_AUTO_TEST_CASE(neighbours_alone_fold) {
  BOOST_TEST(folded({"a1", "a2", "x", "a3", "a4", "b1", "b2"}) ==
             (Texts{"a{1..2}", "x", "a{3..4}", "b{1..2}"}));
  BOOST_TEST(folded({"a1", "a2", "a4", "a5"}) == (Texts{"a{1..2}", "a{4..5}"}));
}

BOOST_AUTO_TEST_CASE(one_number_alone_counts) {
  BOOST_TEST(folded({"c=1/1", "c=1/2", "c=2/1", "c=2/2"}) ==
             (Texts{"c=1/{1..2}", "c=2/{1..2}"}));
  BOOST_TEST(folded({"c=1/5", "c=2/5", "c=3/5"}) == Texts{"c={1..3}/5"});
  BOOST_TEST(folded({"1/1", "2/2"}) == (Texts{"1/1", "2/2"}));
  // The number that counts first goes on counting.
  BOOST_TEST(folded({"1/1", "1/2", "2/2"}) == (Texts{"1/{1..2}", "2/2"}));
}

BOOST_AUTO_TEST_CASE(leading_zeros_keep_their_width) {
  BOOST_TEST(folded({"r08", "r09", "r10"}) == Texts{"r{08..10}"});
  BOOST_TEST(folded({"r0", "r1", "r2"}) == Texts{"r{0..2}"});
  BOOST_TEST(folded({"r9", "r010"}) == (Texts{"r9", "r010"}));
  BOOST_TEST(folded({"r01", "r2"}) == (Texts{"r01", "r2"}));
  BOOST_TEST(folded({"r098", "r099", "r100"}) == Texts{"r{098..100}"});
  BOOST_TEST(folded({"r098", "r099", "r0100"}) ==
             (Texts{"r{098..099}", "r0100"}));
  Texts wider;  // r00 to r99 have two digits, r100 three
  for (int i = 0; i < 100; ++i)
    wider.push_back(std::string("r") + (i < 10 ? "0" : "") + std::to_string(i));
  wider.push_back("r100");
  BOOST_TEST(folded(wider) == (Texts{"r{00..99}", "r100"}));
  BOOST_TEST(folded({"r09", "r10", "r11"}) == Texts{"r{09..11}"});
}

BOOST_AUTO_TEST_CASE(digits_behind_a_point_do_not_count) {
  BOOST_TEST(folded({"load=0.1", "load=0.2"}) ==
             (Texts{"load=0.1", "load=0.2"}));
  BOOST_TEST(folded({"load=0.5/1", "load=0.5/2"}) == Texts{"load=0.5/{1..2}"});
}

BOOST_AUTO_TEST_CASE(long_numbers_are_left_alone) {
  BOOST_TEST(folded({"99999999999999999999", "100000000000000000000"}) ==
             (Texts{"99999999999999999999", "100000000000000000000"}));
}

BOOST_AUTO_TEST_CASE(places_are_told) {
  std::string told;
  Folder folder([&](const std::string& text, std::size_t first,
                    std::size_t count) {
    told +=
        text + '@' + std::to_string(first) + '+' + std::to_string(count) + ' ';
  });
  for (const auto* name : {"a1", "a2", "b", "c7", "c8", "c9"}) folder.add(name);
  folder.finish();
  folder.finish();
  BOOST_CHECK_EQUAL(told, "a{1..2}@0+2 b@2+1 c{7..9}@3+3 ");
}

// All that is folded is taken as a pattern, and nothing else is taken by it.
BOOST_AUTO_TEST_CASE(what_is_printed_is_a_pattern) {
  const auto all_taken = [](const std::string& pattern, const Texts& names) {
    const Glob glob(pattern);
    for (const auto& name : names)
      BOOST_CHECK_MESSAGE(glob.matches(name), pattern << " takes " << name);
  };
  Texts twenty, odd, padded;
  for (int i = 1; i <= 120; ++i) {
    const auto number = std::to_string(i);
    twenty.push_back("run" + number);
    odd.push_back("a*{b}[1-2]\\,?" + number + "{[c,d]*");
    padded.push_back("r" + std::string(4 - number.size(), '0') + number);
  }
  for (const auto& names : {twenty, odd, padded}) {
    const auto patterns = folded(names);
    BOOST_REQUIRE_EQUAL(patterns.size(), 1u);
    all_taken(patterns[0], names);
  }
  const Glob glob(folded(twenty)[0]), zeros(folded(padded)[0]);
  for (const auto* name : {"run0", "run121", "run01", "run", "run1200"})
    BOOST_CHECK_MESSAGE(!glob.matches(name), name);
  for (const auto* name : {"r1", "r000", "r0000", "r0121", "r00001"})
    BOOST_CHECK_MESSAGE(!zeros.matches(name), name);
}

BOOST_AUTO_TEST_SUITE_END()
