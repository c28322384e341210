// Values that a program may have and that are not what they look like: arrays
// whose shape is another, names that come twice, types within themselves.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <map>

#include "data_support.h"

using namespace eh::host::test;

namespace {

struct Pair {
  int a = 0;
  int b = 0;
};
using Pairs = std::vector<Pair>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(data_value, DataFolder)

BOOST_AUTO_TEST_CASE(arrays_whose_shape_is_not_theirs) {
  eh::Array<double> array({2, 2});
  array.shape = {2, 3};
  const std::string why = "an array has 4 values and by its shape 6";
  BOOST_TEST(refusal([&] { write("a.npy", array); }) == why);
  BOOST_TEST(refusal([&] { write("a.json", std::vector{array}); }) == why);
  BOOST_CHECK_THROW(eh::ArrayView<double>{array}, std::invalid_argument);
  BOOST_CHECK_THROW(array(1, 2), std::out_of_range);
  BOOST_TEST(folder.list().empty());
}

BOOST_AUTO_TEST_CASE(shapes_of_more_than_there_can_be) {
  const std::size_t half = std::size_t{1} << 33;
  using Shape = std::vector<std::size_t>;
  BOOST_CHECK_THROW(eh::Array<double>(Shape{half, half}), std::length_error);
  BOOST_CHECK(eh::Array<double>(Shape{half, half, 0}).values.empty());
  const double number = 1;
  BOOST_TEST(refusal([&] {
               write("a.npy", eh::ArrayView(&number, Shape{half, half}));
             }) == "an array cannot have as many values as its shape");
}

// Such as the signature that lets anyone read the file.
BOOST_AUTO_TEST_CASE(errors_do_not_tell_what_a_url_asks_for) {
  const eh::detail::DataHost none{nullptr, nullptr, nullptr, "no host"};
  const auto told = [&](const std::string& path) {
    try {
      eh::detail::read_data<int>(none, path);
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  for (const std::string scheme : {"https", "HTTPS"})
    BOOST_TEST(
        told(scheme + "://a.org/x.csv?key=SECRET")
            .starts_with("cannot read '" + scheme + "://a.org/x.csv': "));
  BOOST_TEST(told("what?.csv").starts_with("cannot read 'what?.csv': "));
  try {
    eh::detail::write_data(none, "https://a.org/x.csv?key=SECRET", 1);
  } catch (const std::runtime_error& error) {
    BOOST_TEST(std::string(error.what()) ==
               "cannot write 'https://a.org/x.csv': no host");
  }
}

BOOST_AUTO_TEST_SUITE_END()
