// Computed values of sweeps: each is the number that its name says, the ends
// are exact, and the order remains.
#define BOOST_TEST_MODULE sdk_sweep
#include <boost/test/unit_test.hpp>
#include <charconv>
#include <cmath>
#include <eh/detail/value.hpp>
#include <eh/sweep.hpp>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace {

using Numbers = std::vector<double>;

template <class R>
Numbers list(const R& values) {
  Numbers all;
  for (const double value : values) all.push_back(value);
  return all;
}

template <class T>
bool is_what_its_name_says(T value) {
  std::string name;
  eh::detail::append_label(name, value);
  T named = 0;
  std::from_chars(name.data(), name.data() + name.size(), named);
  return named == value;
}

template <class R>
void are(const R& values, const Numbers& wanted) {
  const auto got = list(values);
  BOOST_TEST(got == wanted, boost::test_tools::per_element());
  for (const double value : got) {
    BOOST_TEST(is_what_its_name_says(value));
    BOOST_TEST(is_what_its_name_says(static_cast<float>(value)));
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(values_are_what_their_names_say) {
  are(eh::linspace(0.1, 0.9, 9), {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9});
  are(eh::linspace(0.9, 0.1, 9), {0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1});
  are(eh::linspace(-0.1, 0.3, 5), {-0.1, 0, 0.1, 0.2, 0.3});
  are(eh::linspace(5, 5, 3), {5, 5, 5});
  are(eh::linspace(1e300, -1e300, 5), {1e300, 5e299, 0, -5e299, -1e300});
  are(eh::logspace(-3, 3, 7), {0.001, 0.01, 0.1, 1, 10, 100, 1000});
  are(eh::logspace(0, 3, 4, 2), {1, 2, 4, 8});
  are(eh::geomspace(1e-3, 1e3, 7), {0.001, 0.01, 0.1, 1, 10, 100, 1000});
  are(eh::geomspace(-1, -100, 3), {-1, -10, -100});
  BOOST_TEST(!std::signbit(eh::linspace(-1, 1, 3)[1]));
}

BOOST_AUTO_TEST_CASE(grids_of_few_digits) {
  for (const double parts : {10.0, 100.0, 1000.0})
    for (int first = -30; first < 30; first += 7)
      for (int count = 2; count < 50; ++count) {
        const auto grid =
            eh::linspace(first / parts, (first + count - 1) / parts, count);
        for (int i = 0; i < count; ++i)
          if (const double value = grid[static_cast<std::uint64_t>(i)];
              value != (first + i) / parts)
            BOOST_ERROR(value << " is not " << first + i << '/' << parts);
      }
}

// No digits are lost where 12 do not suffice.
BOOST_AUTO_TEST_CASE(other_numbers_stay) {
  BOOST_TEST(eh::linspace(0, 1, 4)[1] == 1.0 / 3);
  BOOST_TEST(eh::linspace(0, 4, 13)[1] == 1.0 / 3);
  BOOST_TEST(eh::logspace(-1, 1, 5)[1] == std::pow(10, -0.5));
  const double next = std::nextafter(1.0, 2.0);
  BOOST_TEST((list(eh::linspace(1, std::nextafter(next, 2.0), 3)) ==
              Numbers{1, next, std::nextafter(next, 2.0)}));
  BOOST_TEST(std::isnan(eh::linspace(0, NAN, 3)[1]));
  BOOST_TEST(std::isinf(eh::linspace(0, INFINITY, 3)[1]));
}

BOOST_AUTO_TEST_CASE(ends_are_exact_and_the_order_remains) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> any(-1, 1);
  for (int i = 0; i < 2000; ++i) {
    const double from = any(random) * std::pow(10, 20 * any(random));
    // Also some that are next to each other.
    const double to = i % 2 == 0
                          ? any(random) * std::pow(10, 20 * any(random))
                          : from + std::abs(from) * (i % 9) *
                                       std::numeric_limits<double>::epsilon();
    const auto values = list(eh::linspace(from, to, 2 + i % 30));
    BOOST_REQUIRE(values.front() == from && values.back() == to);
    for (std::size_t k = 1; k < values.size(); ++k)
      BOOST_REQUIRE(from <= to ? values[k - 1] <= values[k]
                               : values[k - 1] >= values[k]);
  }
}
