#include "export/statistics.h"

#include <cmath>
#include <limits>

#include "support.h"

using namespace eh::host;

BOOST_AUTO_TEST_SUITE(export_statistics)

namespace {

Sample sample_of(std::initializer_list<double> values) {
  Sample sample;
  for (const double value : values) sample.add(value);
  return sample;
}

}  // namespace

BOOST_AUTO_TEST_CASE(of_few_values) {
  BOOST_CHECK_EQUAL(sample_of({}).count(), 0u);
  const auto one = sample_of({3});
  BOOST_CHECK_EQUAL(one.mean(), 3.0);
  BOOST_CHECK(!one.standard_deviation());
  BOOST_CHECK(!one.half_width(0.95));
  const auto same = sample_of({0.1, 0.1, 0.1});
  BOOST_CHECK_EQUAL(same.mean(), 0.1);
  BOOST_CHECK_EQUAL(same.half_width(0.95).value(), 0.0);
}

// The quantile's values are those of tables: 2.7764 for 4 degrees of freedom,
// 12.706 for one.
BOOST_AUTO_TEST_CASE(against_tables) {
  const auto five = sample_of({1, 2, 3, 4, 5});
  BOOST_CHECK_EQUAL(five.mean(), 3.0);
  BOOST_TEST(*five.standard_deviation() == std::sqrt(2.5),
             boost::test_tools::tolerance(1e-15));
  BOOST_TEST(*five.half_width(0.95) == 2.776445105 * std::sqrt(0.5),
             boost::test_tools::tolerance(1e-9));
  BOOST_TEST(*sample_of({0, 2}).half_width(0.95) == 12.70620474,
             boost::test_tools::tolerance(1e-9));
  BOOST_TEST(*sample_of({0, 2}).half_width(0.5) == 1.0,
             boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(digits_are_kept) {
  const auto far = sample_of({1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16});
  BOOST_TEST(*far.standard_deviation() == std::sqrt(30.0),
             boost::test_tools::tolerance(1e-12));
}

// Correctly rounded: what people write is what they read.
BOOST_AUTO_TEST_CASE(means_have_no_digits_too_many) {
  const auto tenths =
      sample_of({0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0});
  BOOST_CHECK_EQUAL(tenths.mean(), 0.55);
  BOOST_CHECK_EQUAL(
      sample_of({1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1}).mean(),
      0.55);
  Sample many;
  for (int i = 0; i < 1000; ++i) many.add(0.1);
  BOOST_CHECK_EQUAL(many.mean(), 0.1);
  BOOST_CHECK_EQUAL(sample_of({1e100, 1, -1e100, 2}).mean(), 0.75);
  constexpr double most = std::numeric_limits<double>::max();
  BOOST_CHECK_EQUAL(sample_of({most, most}).mean(), most);
  constexpr double least = std::numeric_limits<double>::denorm_min();
  BOOST_CHECK_EQUAL(sample_of({least, least}).mean(), least);
}

BOOST_AUTO_TEST_CASE(what_is_not_finite) {
  constexpr double inf = std::numeric_limits<double>::infinity();
  const auto infinite = sample_of({1, inf, 2});
  BOOST_CHECK_EQUAL(infinite.mean(), inf);
  BOOST_CHECK_EQUAL(infinite.count(), 3u);
  BOOST_CHECK(std::isnan(*infinite.standard_deviation()));
  BOOST_CHECK(std::isnan(*infinite.half_width(0.95)));
  BOOST_CHECK(std::isnan(sample_of({inf, -inf}).mean()));
  BOOST_CHECK(std::isnan(sample_of({1, NAN}).mean()));
}

BOOST_AUTO_TEST_SUITE_END()
