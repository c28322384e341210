#include "contract/results.h"

#include "support.h"

using namespace eh::host;

BOOST_AUTO_TEST_SUITE(contract_results)

BOOST_AUTO_TEST_CASE(scalars) {
  for (const char* good :
       {"0", "-1", "0.5", "1e-05", "-12.5E+3", "true", "false", R"("")",
        R"("a \" \\ \n é")", "9007199254740993"})
    BOOST_CHECK_MESSAGE(is_json_scalar(good), good);
  BOOST_CHECK(is_json_scalar(R"("\u00fc \ud83d\uDE00")"));
  for (const char* half : {R"("\ud83d")", R"("\ud83d\u0041")", R"("\ud83d\n")",
                           R"("\ude00")", R"("\ude00\ud83d")"})
    BOOST_CHECK_MESSAGE(!is_json_scalar(half), half);
  for (const char* bad :
       {"",        "-",       "01",        "1.",       ".5",      "1e",
        "+1",      "nan",     "null",      "{}",       "[1]",     "\"",
        R"("\")",  R"("\x")", R"("\u12")", "\"a\nb\"", R"("a"b)", "1 ",
        "1e12345", "tru",     "\"\xff\""})
    BOOST_CHECK_MESSAGE(!is_json_scalar(bad), bad);
}

BOOST_AUTO_TEST_CASE(the_last_value_at_the_first_place) {
  const auto lines = result_line("wait", "0.5") +
                     result_line("a \"b\":1", R"("x:\"y")") +
                     result_line("wait", "0.25");
  BOOST_CHECK_EQUAL(results_object(lines),
                    R"({"wait":0.25,"a \"b\":1":"x:\"y"})");
  BOOST_CHECK_EQUAL(results_object(""), "");
}

BOOST_AUTO_TEST_CASE(damaged_lines_are_left_out) {
  BOOST_CHECK_EQUAL(
      results_object("\n\"a\":1\nnothing\n\"b\":\n\"c\":{}\n\"d\":2\n\"e\":3"),
      R"({"a":1,"d":2})");
  // Any end that a full disk makes.
  const auto whole = result_line("a", "12") + result_line("b", R"("x\"y")");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto object = results_object(whole.substr(0, size));
    BOOST_CHECK_EQUAL(object, size < 7 ? "" : R"({"a":12})");
  }
}

BOOST_AUTO_TEST_SUITE_END()
