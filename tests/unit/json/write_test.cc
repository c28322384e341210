#include "json/write.h"

#include <cmath>
#include <limits>

using namespace eh::host;
namespace json = boost::json;

BOOST_AUTO_TEST_SUITE(json_write)

namespace {

std::string number(double value) {
  std::string out;
  append_json_number(out, value);
  return out;
}

// What a reader sees.
std::string read_back(std::string_view text) {
  return std::string(json::parse(json_string(text)).as_string());
}

}  // namespace

BOOST_AUTO_TEST_CASE(strings_read_back) {
  for (const std::string text :
       {"", "plain", "quote \" backslash \\ slash /", "tab\tline\n",
        "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"})
    BOOST_CHECK_EQUAL(read_back(text), text);
  std::string control;
  for (char c = 0; c < 0x20; ++c) control += c;
  control += '\x7f';
  BOOST_CHECK_EQUAL(read_back(control), control);
  BOOST_CHECK_EQUAL(json_string("a\"b"), R"("a\"b")");
  BOOST_CHECK_EQUAL(json_string("\xc3\xa9"), "\"\xc3\xa9\"");
}

BOOST_AUTO_TEST_CASE(strings_have_no_raw_control_characters) {
  std::string control;
  for (char c = 0; c < 0x20; ++c) control += c;
  for (const char c : json_string(control))
    BOOST_CHECK(static_cast<unsigned char>(c) >= 0x20);
}

BOOST_AUTO_TEST_CASE(invalid_utf8_is_replaced) {
  const std::string replaced = "\xef\xbf\xbd";
  BOOST_CHECK_EQUAL(read_back("a\xff"), "a" + replaced);
  BOOST_CHECK_EQUAL(read_back("\x80"), replaced);
  BOOST_CHECK_EQUAL(read_back("\xc3"), replaced);         // cut off
  BOOST_CHECK_EQUAL(read_back("\xc3z"), replaced + "z");  // goes on
  BOOST_CHECK_EQUAL(read_back("\xe2\x82").substr(0, 3), replaced);
  for (const auto* bad :
       {"\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xc1\xbf"}) {
    const auto text = read_back(bad);  // would throw if it was not UTF-8
    BOOST_CHECK_EQUAL(text.substr(0, 3), replaced);
  }
  for (const auto* good : {"\xed\x9f\xbf", "\xee\x80\x80", "\xf4\x8f\xbf\xbf"})
    BOOST_CHECK_EQUAL(read_back(good), good);
}

BOOST_AUTO_TEST_CASE(every_byte_pair_is_valid_json) {
  for (int a = 0; a < 256; ++a)
    for (int b = 0; b < 256; ++b) {
      const char bytes[] = {static_cast<char>(a), static_cast<char>(b)};
      boost::system::error_code error;
      json::parse(json_string({bytes, 2}), error);
      if (error) BOOST_ERROR("bytes " << a << ' ' << b);
    }
}

BOOST_AUTO_TEST_CASE(numbers_are_short_and_exact) {
  BOOST_CHECK_EQUAL(number(0.44), "0.44");
  BOOST_CHECK_EQUAL(number(1), "1");
  BOOST_CHECK_EQUAL(number(-2.5), "-2.5");
  BOOST_CHECK_EQUAL(number(0.1 + 0.2), "0.30000000000000004");
  for (const double value : {1e300, 5e-324, 1e20, 1.0 / 3, -0.0, 123456789.125,
                             std::numeric_limits<double>::max()})
    BOOST_CHECK_EQUAL(std::strtod(number(value).c_str(), nullptr), value);
  for (const double value : {1e300, 5e-324, 1e20, 1e21, -1e-7})
    BOOST_CHECK_EQUAL(json::parse(number(value)).to_number<double>(), value);
}

BOOST_AUTO_TEST_CASE(what_is_not_finite_is_null) {
  BOOST_CHECK_EQUAL(number(NAN), "null");
  BOOST_CHECK_EQUAL(number(INFINITY), "null");
  BOOST_CHECK_EQUAL(number(-INFINITY), "null");
}

BOOST_AUTO_TEST_CASE(objects) {
  JsonObject object;
  BOOST_CHECK_EQUAL(object.str(), "{}");
  object.text("a", "x\ny").number("b", 0.5).integer("c", INT64_MIN);
  object.natural("d", UINT64_MAX).boolean("e", true).boolean("f", false);
  object.raw("g", "[1,2]").members("").members("\"h\":1,\"i\":2");
  BOOST_CHECK_EQUAL(object.str(),
                    "{\"a\":\"x\\ny\",\"b\":0.5,\"c\":-9223372036854775808,"
                    "\"d\":18446744073709551615,\"e\":true,\"f\":false,"
                    "\"g\":[1,2],\"h\":1,\"i\":2}");
  BOOST_CHECK_EQUAL(json::parse(object.str()).as_object().size(), 9u);
}

BOOST_AUTO_TEST_CASE(members_may_come_first_and_keys_are_quoted) {
  JsonObject object;
  object.members("\"a\":1").integer("k\"ey", 2);
  BOOST_CHECK_EQUAL(object.str(), R"({"a":1,"k\"ey":2})");
  BOOST_CHECK_EQUAL(object.members(), R"("a":1,"k\"ey":2)");
}

BOOST_AUTO_TEST_SUITE_END()
