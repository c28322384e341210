#include "data/numpy_type.h"

#include <limits>

#include "support.h"

using namespace eh::host;

BOOST_AUTO_TEST_SUITE(data_numpy_type)

BOOST_AUTO_TEST_CASE(whole_numbers_have_one_type_of_integers) {
  WholeNumbers numbers;
  BOOST_CHECK(!numbers.any());
  numbers.add(std::int64_t{-1});
  numbers.add(std::uint64_t{7});
  BOOST_CHECK(numbers.any());
  BOOST_CHECK(numbers.element() == std::uint32_t{EH_INT64});
  WholeNumbers large;
  large.add(std::numeric_limits<std::uint64_t>::max());
  BOOST_CHECK(large.element() == std::uint32_t{EH_UINT64});
  large.add(std::int64_t{-1});
  BOOST_CHECK(!large.element());
}

BOOST_AUTO_TEST_CASE(whole_numbers_that_are_reals) {
  const auto are_reals = [](auto number) {
    WholeNumbers numbers;
    numbers.add(number);
    return numbers.are_reals();
  };
  constexpr auto beyond = (std::int64_t{1} << 53) + 1;
  BOOST_CHECK(are_reals(beyond - 1));
  BOOST_CHECK(!are_reals(beyond));
  BOOST_CHECK(are_reals(beyond + 1));
  BOOST_CHECK(!are_reals(-beyond));
  BOOST_CHECK(are_reals(std::uint64_t{1} << 63));
  BOOST_CHECK(are_reals(std::numeric_limits<std::int64_t>::min()));
  BOOST_CHECK(!are_reals(std::numeric_limits<std::int64_t>::max()));
  BOOST_CHECK(!are_reals(std::numeric_limits<std::uint64_t>::max()));
}

BOOST_AUTO_TEST_SUITE_END()
