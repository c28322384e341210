// The SDK's reader of JSON: what it takes, what it refuses, and where it says
// that something is wrong.
#define BOOST_TEST_MODULE sdk_json
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <eh/detail/json_reader.hpp>
#include <limits>
#include <string>

using eh::detail::JsonReader;

namespace {

/// What an exception of `function` says.
template <class F>
std::string thrown(const F& function) {
  try {
    function();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "nothing";
}

std::string error_of(const std::string& json) {
  return thrown([&] {
    JsonReader reader(json);
    reader.skip();
    reader.finish();
  });
}

std::string text_of(const std::string& json) {
  JsonReader reader(json);
  const std::string text = reader.text();
  reader.finish();
  return text;
}

std::string number_of(const std::string& json) {
  JsonReader reader(json);
  const std::string number(reader.number());
  reader.finish();
  return number;
}

template <class T>
T integer_of(const std::string& json) {
  return JsonReader(json).integer<T>();
}

template <class T>
T real_of(const std::string& json) {
  return JsonReader(json).real<T>();
}

}  // namespace

BOOST_AUTO_TEST_CASE(takes_json) {
  for (const char* json :
       {"null", "true", "false", "0", "-0", "1.5e+30", "\"\"", "[]", "{}",
        " [ 1 , [ ] , { \"a\" : null , \"\" : [ true ] } ] ",
        "\t{\r\n\"a\":[1,2,{}],\"a\":\"\\u0000\"}\n"})
    BOOST_TEST(error_of(json) == "nothing", json);
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_json) {
  const std::pair<std::string, const char*> rows[] = {
      {"", "line 1, column 1: expected a value"},
      {"  ", "line 1, column 3: expected a value"},
      {"nul", "line 1, column 1: expected a value"},
      {"True", "line 1, column 1: expected a value"},
      {"nan", "line 1, column 1: expected a value"},
      {"+1", "line 1, column 1: expected a value"},
      {".5", "line 1, column 1: expected a value"},
      {"1 2", "line 1, column 3: expected nothing more"},
      {std::string("1\0", 2), "line 1, column 2: expected nothing more"},
      {"truex", "line 1, column 5: expected nothing more"},
      {"[1,\n 2", "line 2, column 3: expected ',' or ']'"},
      {"[1,]", "line 1, column 4: expected a value"},
      {"[,1]", "line 1, column 2: expected a value"},
      {"[1}", "line 1, column 3: expected ',' or ']'"},
      {"{\"\xC3\xBC\":1 2}", "line 1, column 8: expected ',' or '}'"},
      {"{\"a\" 1}", "line 1, column 6: expected ':'"},
      {"{\"a\":1,}", "line 1, column 8: expected a key in quotes"},
      {"{a:1}", "line 1, column 2: expected a key in quotes"},
      {"{", "line 1, column 2: expected a key in quotes"},
      {"01", "line 1, column 2: expected a number as JSON has it"},
      {"1.", "line 1, column 3: expected a digit"},
      {"1.5.2", "line 1, column 4: expected a number as JSON has it"},
      {"-", "line 1, column 2: expected a digit"},
      {"1e+", "line 1, column 4: expected a digit"},
      {"\"a", "line 1, column 3: expected '\"'"},
      {"\"a\nb\"", "line 1, column 3: expected no control character in a text"},
      {"\"\xFF\"", "line 1, column 2: expected UTF-8"},
      {"\"\xC0\x80\"", "line 1, column 2: expected UTF-8"},
      {"\"\xED\xA0\x80\"", "line 1, column 2: expected UTF-8"},
      {"\"\\x\"", "line 1, column 3: expected an escape such as \\n"},
      {"\"\\", "line 1, column 3: expected an escape such as \\n"},
      {"\"\\u12\"", "line 1, column 4: expected four hexadecimal digits"},
      {"\"\\u+123\"", "line 1, column 4: expected four hexadecimal digits"},
      {"\"\\ud83d\"",
       "line 1, column 8: expected both halves of a surrogate pair"},
      {"\"\\ude00\"",
       "line 1, column 8: expected both halves of a surrogate pair"},
      {"\"\\ud83d\\n\"",
       "line 1, column 8: expected both halves of a surrogate pair"},
      {"\"\\ud83d\\u0041\"",
       "line 1, column 14: expected the second half of a surrogate pair"}};
  for (const auto& [json, message] : rows)
    BOOST_TEST(error_of(json) == message, json << ": " << error_of(json));
}

BOOST_AUTO_TEST_CASE(limits_the_depth) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  BOOST_TEST(error_of(nested(JsonReader::max_depth)) == "nothing");
  BOOST_TEST(error_of(nested(JsonReader::max_depth + 1)) ==
             "line 1, column 101: nested too deeply");
}

BOOST_AUTO_TEST_CASE(reads_texts) {
  BOOST_TEST(text_of(R"("\"\\\/\b\f\n\r\t")") == "\"\\/\b\f\n\r\t");
  BOOST_TEST(text_of(R"("\u0041\u00fC\u20AC\uD83D\uDE00")") ==
             "A\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80");
  BOOST_TEST(text_of("\"\xC3\xBC\xF0\x9F\x98\x80\"") ==
             "\xC3\xBC\xF0\x9F\x98\x80");
  BOOST_TEST(text_of("\"\\u0000\"") == std::string(1, '\0'));
}

BOOST_AUTO_TEST_CASE(reads_numbers_exactly) {
  BOOST_TEST(number_of(" -1.50e+3 ") == "-1.50e+3");
  BOOST_TEST(integer_of<std::int8_t>("-128") == -128);
  BOOST_TEST(integer_of<std::uint64_t>("18446744073709551615") ==
             std::numeric_limits<std::uint64_t>::max());
  BOOST_TEST(integer_of<std::int64_t>("-9223372036854775808") ==
             std::numeric_limits<std::int64_t>::min());
  BOOST_TEST(real_of<double>("0.30000000000000004") == 0.1 + 0.2);
  BOOST_TEST(real_of<double>("5e-324") ==
             std::numeric_limits<double>::denorm_min());
  BOOST_TEST(real_of<float>("0.1") == 0.1f);
  BOOST_TEST(thrown([] { integer_of<std::int8_t>("128"); }) ==
             "expected an integer from -128 to 127, not 128");
  BOOST_TEST(thrown([] { integer_of<unsigned>("-1"); }) ==
             "expected an integer from 0 to 4294967295, not -1");
  BOOST_TEST(thrown([] { integer_of<int>("1.0"); }) ==
             "expected an integer from -2147483648 to 2147483647, not 1.0");
  BOOST_TEST(thrown([] { integer_of<int>("\"1\""); }) == "expected an integer");
  BOOST_TEST(thrown([] { real_of<float>("1e39"); }) ==
             "expected a number that fits, not 1e39");
}

BOOST_AUTO_TEST_CASE(goes_through_objects_and_lists) {
  const std::string json =
      R"({"skipped":{"x":[1,{"y":"}"}]},"list":[1,2,3],"flag":true,"no":null})";
  JsonReader reader(json);
  std::string keys;
  int sum = 0;
  bool flag = false;
  reader.open_object();
  for (std::string key; reader.next_key(key);) {
    keys += key + ' ';
    if (key == "list") {
      reader.open_array();
      while (reader.next_element()) sum += reader.integer<int>();
    } else if (key == "flag") {
      flag = reader.boolean();
    } else if (reader.peek() == JsonReader::Kind::null) {
      reader.null();
    } else {
      reader.skip();
    }
  }
  reader.finish();
  BOOST_TEST(keys == "skipped list flag no ");
  BOOST_TEST(sum == 6);
  BOOST_TEST(flag);
}

BOOST_AUTO_TEST_CASE(names_the_value_of_another_type) {
  const std::string json = R"({"a":1,"model":{"b":[],"layers":[[1],[2,"x"]]}})";
  JsonReader reader(json);
  std::string key;
  reader.open_object();
  reader.next_key(key);
  reader.skip();
  reader.next_key(key);
  reader.open_object();
  reader.next_key(key);
  BOOST_TEST(thrown([&] { JsonReader(reader).boolean(); }) ==
             "model.b: expected true or false");
  BOOST_TEST(thrown([&] { JsonReader(reader).open_object(); }) ==
             "model.b: expected an object");
  reader.skip();
  reader.next_key(key);
  reader.open_array();
  reader.next_element();
  reader.skip();
  reader.next_element();
  reader.open_array();
  reader.next_element();
  reader.skip();
  reader.next_element();
  BOOST_TEST(thrown([&] { reader.integer<int>(); }) ==
             "model.layers[1][1]: expected an integer");
}
