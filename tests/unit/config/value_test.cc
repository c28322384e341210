#include "config/value.h"

#include <clocale>
#include <cstdlib>

#include "config/framework_keys.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(config_value)

namespace {

// A type as a plugin describes it.
ConfigType type(const std::string& description) {
  return parse_config_class(R"({"class":"C","members":[{"name":"m",)" +
                            description + "}]}")
      .members.at(0)
      .type;
}

struct Read {
  std::string json;
  std::string mistake;  // all of them
};

Read finish(const JsonValue& value,
            const std::vector<ConfigMistake>& mistakes) {
  Read out{mistakes.empty() ? json_text(value) : "", ""};
  for (const auto& mistake : mistakes)
    out.mistake += (out.mistake.empty() ? "" : "; ") + mistake.message;
  return out;
}

Read read(const std::string& description, const std::string& json,
          const std::string& directory = "/cfg") {
  std::vector<ConfigMistake> mistakes;
  const auto value = ValueReader(directory, mistakes)
                         .read(type(description), parse_json(json), "m");
  return finish(value, mistakes);
}

Read read_text(const std::string& description, const std::string& text) {
  std::vector<ConfigMistake> mistakes;
  const auto value =
      ValueReader("/cfg", mistakes).read_text(type(description), text, "m");
  return finish(value, mistakes);
}

constexpr char a_bool[] = R"("kind":"bool")";
constexpr char an_int[] = R"("kind":"integer","min":-128,"max":127)";
constexpr char a_long[] =
    R"("kind":"integer","min":-9223372036854775808,"max":9223372036854775807)";
constexpr char an_unsigned_long[] =
    R"("kind":"integer","min":0,"max":18446744073709551615)";
constexpr char a_real[] = R"("kind":"real")";
constexpr char a_float[] = R"("kind":"real","single":true)";
constexpr char a_text[] = R"("kind":"text")";
constexpr char a_path[] = R"("kind":"path")";
constexpr char a_choice[] = R"("kind":"choice","choices":["fast","exact"])";
constexpr char a_duration[] = R"("kind":"duration")";
constexpr char minutes[] = R"("kind":"duration","tick":60)";
constexpr char texts[] = R"("kind":"list","element":{"kind":"text"})";
constexpr char reals[] = R"("kind":"list","element":{"kind":"real"})";
constexpr char a_pair[] =
    R"("kind":"list","length":2,"element":{"kind":"integer"})";
constexpr char a_map[] = R"("kind":"map","element":{"kind":"real"})";
constexpr char a_maybe[] = R"("kind":"optional","element":{"kind":"integer"})";
constexpr char a_struct[] =
    R"("kind":"object","members":[{"name":"x","kind":"integer","value":1},)"
    R"({"name":"deep","kind":"object","members":)"
    R"([{"name":"y","kind":"real","value":0.5}]}])";

}  // namespace

BOOST_AUTO_TEST_CASE(booleans) {
  BOOST_CHECK_EQUAL(read(a_bool, "true").json, "true");
  BOOST_CHECK_EQUAL(read(a_bool, "1").mistake,
                    "m: expected true or false, not 1");
  for (const char* yes : {"true", "1", "yes", "on"})
    BOOST_CHECK_EQUAL(read_text(a_bool, yes).json, "true");
  for (const char* no : {"false", "0", "no", "off"})
    BOOST_CHECK_EQUAL(read_text(a_bool, no).json, "false");
  BOOST_CHECK_EQUAL(read_text(a_bool, "maybe").mistake,
                    "m: expected true or false, not \"maybe\"");
}

BOOST_AUTO_TEST_CASE(integers) {
  BOOST_CHECK_EQUAL(read(an_int, "-128").json, "-128");
  BOOST_CHECK_EQUAL(read(an_int, "-0").json, "0");
  BOOST_CHECK_EQUAL(read(an_int, "128").mistake,
                    "m: expected a whole number from -128 to 127, not 128");
  BOOST_CHECK_EQUAL(read(an_int, "-129").json, "");
  BOOST_CHECK_EQUAL(read(an_int, "1.0").mistake,
                    "m: expected a whole number from -128 to 127, not 1.0");
  BOOST_CHECK_EQUAL(read(an_int, "1e2").json, "");
  BOOST_CHECK_EQUAL(read(an_int, "\"7\"").json, "");
  BOOST_CHECK_EQUAL(read(an_int, "null").json, "");
  BOOST_CHECK_EQUAL(read_text(an_int, "42").json, "42");
  BOOST_CHECK_EQUAL(read_text(an_int, "4x").mistake,
                    "m: expected a whole number from -128 to 127, not \"4x\"");
  BOOST_CHECK_EQUAL(read_text(an_int, "").json, "");
}

BOOST_AUTO_TEST_CASE(wide_integers) {
  for (const char* edge : {"-9223372036854775808", "9223372036854775807"})
    BOOST_CHECK_EQUAL(read(a_long, edge).json, edge);
  BOOST_CHECK_EQUAL(read(a_long, "9223372036854775808").mistake,
                    "m: expected a whole number from -9223372036854775808 to"
                    " 9223372036854775807, not 9223372036854775808");
  BOOST_CHECK_EQUAL(read(a_long, "-9223372036854775809").json, "");
  BOOST_CHECK_EQUAL(read(an_unsigned_long, "18446744073709551615").json,
                    "18446744073709551615");
  BOOST_CHECK_EQUAL(read(an_unsigned_long, "18446744073709551616").json, "");
  BOOST_CHECK_EQUAL(read(an_unsigned_long, "-1").mistake,
                    "m: expected a whole number from 0 to"
                    " 18446744073709551615, not -1");
  for (const char* beyond :
       {"18446744073709551616", "-99999999999999999999999999999"})
    BOOST_CHECK(has(read(a_long, beyond).mistake, "from -9223372036854775808"));
  BOOST_CHECK(
      has(read(R"("kind":"optional","element":{)" + std::string(a_long) + '}',
               "9223372036854775808")
              .mistake,
          "to 9223372036854775807 or null, not 9223372036854775808"));
}

BOOST_AUTO_TEST_CASE(real_numbers) {
  BOOST_CHECK_EQUAL(read(a_real, "7").json, "7");
  BOOST_CHECK_EQUAL(read(a_real, "7.50").json, "7.5");
  BOOST_CHECK_EQUAL(read(a_real, "1e-5").json, "1e-05");
  BOOST_CHECK_EQUAL(read(a_real, "0.1000000000000000055").json, "0.1");
  BOOST_CHECK_EQUAL(read(a_float, "0.1").json, "0.1");
  BOOST_CHECK_EQUAL(read(a_real, "\"nan\"").json, "\"nan\"");
  BOOST_CHECK_EQUAL(read(a_real, "\"-inf\"").json, "\"-inf\"");
  BOOST_CHECK_EQUAL(read(a_real, "1e999").mistake,
                    "m: expected a number from -1.7976931348623157e+308 to"
                    " 1.7976931348623157e+308, not 1e999");
  BOOST_CHECK_EQUAL(read(a_float, "1e300").mistake,
                    "m: expected a number from -3.4028235e+38 to"
                    " 3.4028235e+38, not 1e300");
  for (const char* tiny : {"1e-50",
                           "-0.00000000000000000000000000000000000000"
                           "000000000000000001"})
    BOOST_CHECK_EQUAL(
        read(a_float, tiny).mistake,
        "m: expected 0 or a number of 1e-45 or more in size, not " +
            std::string(tiny));
  BOOST_CHECK_EQUAL(read(a_real, "\"much\"").json, "");
  BOOST_CHECK_EQUAL(read_text(a_real, "inf").json, "\"inf\"");
  BOOST_CHECK_EQUAL(read_text(a_real, "-2.5e3").json, "-2500");
  BOOST_CHECK_EQUAL(read_text(a_real, "1,5").json, "");
}

BOOST_AUTO_TEST_CASE(texts_and_choices) {
  BOOST_CHECK_EQUAL(read(a_text, "\"a b\"").json, "\"a b\"");
  BOOST_CHECK_EQUAL(read(a_text, "7").mistake,
                    "m: expected a text in quotes, not 7");
  BOOST_CHECK_EQUAL(read_text(a_text, "\"7\"").json, R"("\"7\"")");
  BOOST_CHECK_EQUAL(read(a_choice, "\"fast\"").json, "\"fast\"");
  BOOST_CHECK_EQUAL(
      read(a_choice, "\"fats\"").mistake,
      "m: expected one of fast, exact, not \"fats\", did you mean 'fast'?");
  BOOST_CHECK_EQUAL(read_text(a_choice, "exact").json, "\"exact\"");
}

BOOST_AUTO_TEST_CASE(durations) {
  BOOST_CHECK_EQUAL(read(a_duration, "\"2h\"").json, "\"7200s\"");
  BOOST_CHECK_EQUAL(read(a_duration, "\"1h30m\"").json, "\"5400s\"");
  BOOST_CHECK_EQUAL(read(a_duration, "\"250ms\"").json, "\"0.25s\"");
  // Read again, it is the same.
  for (const char* odd : {"\"0.000000001s\"", "\"100000000000000000000s\""})
    BOOST_CHECK_EQUAL(read(a_duration, odd).json, odd);
  BOOST_CHECK_EQUAL(read(a_duration, "90").mistake,
                    "m: expected a time with its unit, like \"90s\","
                    " \"10min\" or \"2h\", not 90");
  BOOST_CHECK_EQUAL(read(a_duration, "\"90\"").json, "");
  BOOST_CHECK_EQUAL(read(minutes, "\"2h\"").json, "\"7200s\"");
  BOOST_CHECK_EQUAL(read(minutes, "\"90s\"").mistake,
                    "m: expected a multiple of 60s, not \"90s\"");
  BOOST_CHECK_EQUAL(read_text(a_duration, "10min").json, "\"600s\"");
  // Where nobody can write it otherwise, seconds may be a number.
  BOOST_CHECK_EQUAL(read_text(a_duration, "1.5").json, "\"1.5s\"");
  BOOST_CHECK_EQUAL(read_text(a_duration, "").json, "");
}

BOOST_AUTO_TEST_CASE(negative_durations) {
  BOOST_CHECK_EQUAL(read(a_duration, "\"-1h30m\"").json, "\"-5400s\"");
  BOOST_CHECK_EQUAL(read(minutes, "\"-1h30m\"").json, "\"-5400s\"");
  BOOST_CHECK_EQUAL(read_text(minutes, "-120").json, "\"-120s\"");
  for (const char* wrong : {"\"--1s\"", "\"1h-1m\"", "\"-\"", "\"-s\""})
    BOOST_CHECK_EQUAL(read(a_duration, wrong).json, "");
  for (const auto& key : framework_keys())
    if (key.type.kind == ConfigType::duration) {
      std::vector<ConfigMistake> mistakes;
      ValueReader("", mistakes).read(key.type, parse_json("\"-1ms\""), "m");
      BOOST_REQUIRE_EQUAL(mistakes.size(), 1u);
      BOOST_CHECK_EQUAL(mistakes[0].message,
                        "m: expected a time of at least 0s, not \"-1ms\"");
    }
}

BOOST_AUTO_TEST_CASE(durations_of_whole_ticks_are_exact) {
  constexpr char nanoseconds[] = R"("kind":"duration","tick":1e-09,)"
                                 R"("min":-9223372036854775808,)"
                                 R"("max":9223372036854775807)";
  for (const char* exact :
       {"\"1152921504.606846977s\"", "\"9223372036.854775807s\"",
        "\"-9223372036.854775808s\"", "\"0.000000001s\"", "\"0s\""})
    BOOST_CHECK_EQUAL(read(nanoseconds, exact).json, exact);
  BOOST_CHECK_EQUAL(read(nanoseconds, "\"1d0.000000001s\"").json,
                    "\"86400.000000001s\"");
  BOOST_CHECK_EQUAL(read(nanoseconds, "\"1.000000ms\"").json, "\"0.001s\"");
  BOOST_CHECK_EQUAL(read(nanoseconds, "\"9223372036.854775808s\"").mistake,
                    "m: expected a time from -9223372036.854775808s to"
                    " 9223372036.854775807s, not \"9223372036.854775808s\"");
  BOOST_CHECK(has(read(nanoseconds, "\"1000000000000000000d\"").mistake,
                  "to 9223372036.854775807s, not \"1000000000000000000d\""));
  BOOST_CHECK_EQUAL(read(nanoseconds, "\"0.0000000005s\"").mistake,
                    "m: expected a multiple of 0.000000001s, not"
                    " \"0.0000000005s\"");
  // As programs write them that have no integers.
  constexpr char milliseconds[] = R"("kind":"duration","tick":0.001,)"
                                  R"("min":-128,"max":127)";
  BOOST_CHECK_EQUAL(read(milliseconds, "\"0.10000000000000004s\"").json,
                    "\"0.1s\"");
  std::string many = "\"0.1";
  many.append(200, '0');
  many.append("1s\"");
  BOOST_CHECK_EQUAL(read(milliseconds, many).json, "\"0.1s\"");
  BOOST_CHECK_EQUAL(read(milliseconds, "\"128ms\"").mistake,
                    "m: expected a time from -0.128s to 0.127s, not"
                    " \"128ms\"");
  // 64 bits where a plugin does not say.
  BOOST_CHECK_EQUAL(read(minutes, "\"1000000000000000000d\"").mistake,
                    "m: expected a time from -553402322211286548480s to"
                    " 553402322211286548420s, not \"1000000000000000000d\"");
  constexpr char thirds[] = R"("kind":"duration","tick":0.3333333333333333)";
  BOOST_CHECK_EQUAL(read(thirds, "\"333333.6666666667s\"").json,
                    "\"333333.6666666667s\"");
  BOOST_CHECK(has(read(thirds, "\"0.5s\"").mistake, "a multiple of 0.333"));
}

BOOST_AUTO_TEST_CASE(numbers_do_not_depend_on_the_locale) {
  // One with a decimal comma, if this machine has any.
  for (const char* name : {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE.utf8"})
    if (std::setlocale(LC_ALL, name)) break;
  BOOST_CHECK_EQUAL(read(a_real, "0.25").json, "0.25");
  BOOST_CHECK_EQUAL(read(R"("kind":"real","min":0.5,"max":1.5)", "1.25").json,
                    "1.25");
  BOOST_CHECK_EQUAL(read(R"("kind":"duration","tick":0.5)", "\"1.5s\"").json,
                    "\"1.5s\"");
  std::setlocale(LC_ALL, "C");
}

BOOST_AUTO_TEST_CASE(paths_expand) {
  ::setenv("EH_TEST_SCRATCH", "/scratch/me", 1);
  ::unsetenv("EH_TEST_NOTHING");
  ::setenv("HOME", "/home/me", 1);
  BOOST_CHECK_EQUAL(read(a_path, "\"data/x\"").json, "\"/cfg/data/x\"");
  BOOST_CHECK_EQUAL(read(a_path, "\"../x\"").json, "\"/x\"");
  BOOST_CHECK_EQUAL(read(a_path, "\"/abs\"").json, "\"/abs\"");
  BOOST_CHECK_EQUAL(read(a_path, "\"\"").json, "\"\"");
  BOOST_CHECK_EQUAL(read(a_path, "\"~\"").json, "\"/home/me\"");
  BOOST_CHECK_EQUAL(read(a_path, "\"~/d\"").json, "\"/home/me/d\"");
  BOOST_CHECK_EQUAL(read(a_path, "\"a~\"").json, "\"/cfg/a~\"");
  BOOST_CHECK_EQUAL(read(a_path, "\"${EH_TEST_SCRATCH}/a\"").json,
                    "\"/scratch/me/a\"");
  BOOST_CHECK_EQUAL(read(a_path, "\"x/${EH_TEST_NOTHING}\"").mistake,
                    "m: the environment variable 'EH_TEST_NOTHING' is not"
                    " set");
  BOOST_CHECK_EQUAL(read(a_path, "\"x/${HOME\"").mistake,
                    "m: '${' is not closed by '}'");
  // What does not hold here, or is in a class, stays as it is.
  BOOST_CHECK_EQUAL(read(a_path, "\"${EH_TEST_NOTHING}\"", "").json,
                    "\"${EH_TEST_NOTHING}\"");
  // A text is not a path.
  BOOST_CHECK_EQUAL(read(a_text, "\"~\"").json, "\"~\"");
}

BOOST_AUTO_TEST_CASE(lists) {
  BOOST_CHECK_EQUAL(read(texts, R"(["a", "b"])").json, R"(["a","b"])");
  BOOST_CHECK_EQUAL(read(reals, "[1.0, 2]").json, "[1,2]");
  BOOST_CHECK_EQUAL(read(reals, "[1, \"x\", true]").mistake,
                    "m[1]: expected a number, not \"x\"; m[2]: expected a"
                    " number, not true");
  BOOST_CHECK_EQUAL(read(texts, "\"a\"").mistake,
                    "m: expected a list of texts, not \"a\"");
  BOOST_CHECK_EQUAL(read(a_pair, "[1,2]").json, "[1,2]");
  BOOST_CHECK_EQUAL(read(a_pair, "[1]").mistake,
                    "m: expected a list of 2 whole numbers, not [1]");
  BOOST_CHECK_EQUAL(read_text(texts, "a,b").json, R"(["a","b"])");
  BOOST_CHECK_EQUAL(read_text(texts, R"(["a,b"])").json, R"(["a,b"])");
  BOOST_CHECK_EQUAL(read_text(texts, "").json, "[]");
  BOOST_CHECK_EQUAL(read_text(reals, "1,2.50").json, "[1,2.5]");
  BOOST_CHECK(has(read_text(texts, "[a").mistake,
                  "m: expected a list of texts in JSON: "));
}

BOOST_AUTO_TEST_CASE(maps_and_optionals) {
  BOOST_CHECK_EQUAL(read(a_map, R"({"b": 2.0, "a": 1})").json,
                    R"({"a":1,"b":2})");
  BOOST_CHECK_EQUAL(read(a_map, R"({"b": "x"})").mistake,
                    "m.b: expected a number, not \"x\"");
  BOOST_CHECK_EQUAL(read(a_map, "[]").mistake,
                    "m: expected an object from names to numbers, not []");
  BOOST_CHECK_EQUAL(read_text(a_map, R"({"a":1})").json, R"({"a":1})");
  BOOST_CHECK_EQUAL(read(a_maybe, "null").json, "null");
  BOOST_CHECK_EQUAL(read(a_maybe, "3").json, "3");
  BOOST_CHECK_EQUAL(read(a_maybe, "true").mistake,
                    "m: expected a whole number or null, not true");
  BOOST_CHECK_EQUAL(read_text(a_maybe, "null").json, "null");
  BOOST_CHECK_EQUAL(read_text(a_maybe, "3").json, "3");
  BOOST_CHECK_EQUAL(read_text(a_maybe, "x").mistake,
                    "m: expected a whole number or null, not \"x\"");
}

BOOST_AUTO_TEST_CASE(structs) {
  BOOST_CHECK_EQUAL(read(a_struct, "{}").json, R"({"x":1,"deep":{"y":0.5}})");
  BOOST_CHECK_EQUAL(read(a_struct, R"({"deep":{"y":2}})").json,
                    R"({"x":1,"deep":{"y":2}})");
  BOOST_CHECK_EQUAL(read(a_struct, R"({"dep":{"y":2}})").mistake,
                    "m: it has no member 'dep', did you mean 'deep'?");
  BOOST_CHECK_EQUAL(read(a_struct, "3").mistake,
                    "m: expected an object with x, deep, not 3");
}

BOOST_AUTO_TEST_CASE(mistakes_know_their_place) {
  std::vector<ConfigMistake> mistakes;
  ValueReader("", mistakes).read(type(reals), parse_json("[1,\n  true]"), "m");
  BOOST_REQUIRE_EQUAL(mistakes.size(), 1u);
  BOOST_CHECK_EQUAL(mistakes[0].place.line, 2u);
  BOOST_CHECK_EQUAL(mistakes[0].place.column, 3u);
}

BOOST_AUTO_TEST_CASE(what_is_shown_is_short_and_never_a_secret) {
  const auto shown = read(an_int, '"' + std::string(500, 'x') + '"').mistake;
  BOOST_CHECK_LT(shown.size(), 150u);
  ConfigType secret;
  secret.kind = ConfigType::secret;
  std::vector<ConfigMistake> mistakes;
  ValueReader("", mistakes).read(secret, parse_json("12345678"), "token");
  BOOST_REQUIRE_EQUAL(mistakes.size(), 1u);
  BOOST_CHECK_EQUAL(mistakes[0].message, "token: expected a text in quotes");
}

BOOST_AUTO_TEST_CASE(a_description_that_makes_no_sense) {
  BOOST_CHECK_THROW(type(R"("kind":"color")"), std::runtime_error);
  BOOST_CHECK_THROW(type(R"("kind":"list")"), std::runtime_error);
  for (const char* tick : {"0", "-1", "\"x\"", "1e99"})
    BOOST_CHECK_THROW(type(R"("kind":"duration","tick":)" + std::string(tick)),
                      std::runtime_error);
  BOOST_CHECK_THROW(parse_config_class("{"), std::runtime_error);
  BOOST_CHECK_THROW(parse_config_class(R"({"members":[{"kind":"bool"}]})"),
                    std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
