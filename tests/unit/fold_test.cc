#include "fold.h"

#include "support.h"

using namespace eh::host;
using namespace eh::host::test;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(fold)

namespace {

Texts folded(const Texts& names) {
  return eh::host::fold(names);
}

std::string of_labels(const Texts& labels) {
  return labels_text(axis(0, labels));
}

}  // namespace

BOOST_AUTO_TEST_CASE(numbers_that_count_up_fold) {
  BOOST_TEST(folded({"run1", "run2", "run3"}) == Texts{"run[1-3]"});
  BOOST_TEST(folded({"run9", "run10", "run11"}) == Texts{"run[9-11]"});
  BOOST_TEST(folded({"c=1/x", "c=2/x"}) == Texts{"c=[1-2]/x"});
  Texts twenty;
  for (int i = 1; i <= 20; ++i) twenty.push_back("run" + std::to_string(i));
  BOOST_TEST(folded(twenty) == Texts{"run[1-20]"});
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
             (Texts{"a[1-2]", "x", "a[3-4]", "b[1-2]"}));
  BOOST_TEST(folded({"a1", "a2", "a4", "a5"}) == (Texts{"a[1-2]", "a[4-5]"}));
}

BOOST_AUTO_TEST_CASE(one_number_alone_counts) {
  BOOST_TEST(folded({"c=1/1", "c=1/2", "c=2/1", "c=2/2"}) ==
             (Texts{"c=1/[1-2]", "c=2/[1-2]"}));
  BOOST_TEST(folded({"c=1/5", "c=2/5", "c=3/5"}) == Texts{"c=[1-3]/5"});
  BOOST_TEST(folded({"1/1", "2/2"}) == (Texts{"1/1", "2/2"}));
  // The number that counts first goes on counting.
  BOOST_TEST(folded({"1/1", "1/2", "2/2"}) == (Texts{"1/[1-2]", "2/2"}));
}

BOOST_AUTO_TEST_CASE(leading_zeros_keep_their_width) {
  BOOST_TEST(folded({"r08", "r09", "r10"}) == Texts{"r[08-10]"});
  BOOST_TEST(folded({"r0", "r1", "r2"}) == Texts{"r[0-2]"});
  BOOST_TEST(folded({"r9", "r010"}) == (Texts{"r9", "r010"}));
  BOOST_TEST(folded({"r01", "r2"}) == (Texts{"r01", "r2"}));
  BOOST_TEST(folded({"r098", "r099", "r100"}) == Texts{"r[098-100]"});
  BOOST_TEST(folded({"r098", "r099", "r0100"}) ==
             (Texts{"r[098-099]", "r0100"}));
  Texts wider;  // r00 to r99 have two digits, r100 three
  for (int i = 0; i < 100; ++i)
    wider.push_back(std::string("r") + (i < 10 ? "0" : "") + std::to_string(i));
  wider.push_back("r100");
  BOOST_TEST(folded(wider) == (Texts{"r[00-99]", "r100"}));
  BOOST_TEST(folded({"r09", "r10", "r11"}) == Texts{"r[09-11]"});
}

BOOST_AUTO_TEST_CASE(digits_behind_a_point_do_not_count) {
  BOOST_TEST(folded({"load=0.1", "load=0.2"}) ==
             (Texts{"load=0.1", "load=0.2"}));
  BOOST_TEST(folded({"load=0.5/1", "load=0.5/2"}) == Texts{"load=0.5/[1-2]"});
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
  BOOST_CHECK_EQUAL(told, "a[1-2]@0+2 b@2+1 c[7-9]@3+3 ");
}

BOOST_AUTO_TEST_CASE(families) {
  Family family = sweep("main", "s/c={c}/load={load}/{seed}/{one}",
                        {{"c", {"1", "2", "4"}},
                         {"load", {"0.1", "0.5"}},
                         {"seed", numbers(1, 20)},
                         {"one", {"x"}}});
  family.prepare();
  BOOST_CHECK_EQUAL(family_pattern(family),
                    "s/c={1,2,4}/load={0.1,0.5}/[1-20]/x");
  family.axes[2] = range(2, 1, 1, 1'000'000'000);
  family.axes[0] = range(0, 0, 5, 1'000'000'000);
  BOOST_CHECK_EQUAL(family_pattern(family),
                    "s/c={0,5,10,...,4999999995}/load={0.1,0.5}/"
                    "[1-1000000000]/x");
  Family alone = single("main", "baseline");
  alone.prepare();
  BOOST_CHECK_EQUAL(family_pattern(alone), "baseline");
}

BOOST_AUTO_TEST_CASE(labels_in_short) {
  BOOST_CHECK_EQUAL(of_labels({"1"}), "1");
  BOOST_CHECK_EQUAL(of_labels({"1", "2", "3"}), "1..3");
  BOOST_CHECK_EQUAL(of_labels({"0.1", "0.2", "0.5"}), "0.1,0.2,0.5");
  BOOST_CHECK_EQUAL(of_labels(numbers(1, 1000)), "1..1000");
  Texts many;
  for (int i = 1; i <= 99; ++i) many.push_back("0.0" + std::to_string(i));
  many.push_back("1");
  BOOST_CHECK_EQUAL(of_labels(many), "0.01,0.02,0.03,...,1");
  Texts ten(many.begin(), many.begin() + 10);
  BOOST_TEST(!has(of_labels(ten), "..."));
}

BOOST_AUTO_TEST_SUITE_END()
