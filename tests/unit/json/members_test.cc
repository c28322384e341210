#include "json/members.h"

#include <cmath>

#include "support.h"

using namespace eh::host;
using Pairs = std::vector<std::pair<std::string, std::string>>;

BOOST_AUTO_TEST_SUITE(json_members)

namespace {

// The members as texts, or {"bad"} at the end of what is not an object.
Pairs members_of(std::string_view text) {
  Pairs out;
  JsonMembers members(text);
  while (members.next())
    out.emplace_back(members.key(), std::string(members.value()));
  if (!members.good()) out.emplace_back("bad", "");
  return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(values_as_they_stand) {
  const Pairs expected = {{"a", "9007199254740993"},
                          {"b \"}", R"("x,}\"")"},
                          {"c", R"([1, {"d": "]"}])"},
                          {"e", "true"}};
  BOOST_CHECK(members_of(R"( {"a" : 9007199254740993 , "b \"}":"x,}\"",)"
                         R"("c": [1, {"d": "]"}],"e":true } )") == expected);
  BOOST_CHECK(members_of("{}").empty());
}

BOOST_AUTO_TEST_CASE(what_is_no_object) {
  for (const char* text :
       {"", "[]", "1", "{", R"({"a")", R"({"a":)", R"({"a":1)", R"({"a":})",
        R"({a:1})", R"({"a":1]})", R"({"a":"x)", R"({"a":1}})", R"({,})",
        R"({"a":1,})", R"({"a":1 "b":2})"})
    BOOST_CHECK_MESSAGE(members_of(text).back().first == "bad", text);
}

BOOST_AUTO_TEST_CASE(any_cut_of_an_object_is_none) {
  const std::string_view whole = R"({"a\u00e9":"\\\"","b":[[],{"c":"}"}]})";
  for (std::size_t size = 0; size < whole.size(); ++size)
    BOOST_CHECK(members_of(whole.substr(0, size)).back().first == "bad");
  BOOST_CHECK_EQUAL(members_of(whole).size(), 2u);
}

BOOST_AUTO_TEST_CASE(characters) {
  BOOST_CHECK_EQUAL(json_characters(R"("a\n\t\"\\\/\b\f\r")"),
                    "a\n\t\"\\/\b\f\r");
  BOOST_CHECK_EQUAL(json_characters(R"("\u0041\u00e9\u20ac\ud83d\ude00")"),
                    "Aé€\xF0\x9F\x98\x80");
  BOOST_CHECK_EQUAL(json_characters(R"("\ud83d")"), "\xEF\xBF\xBD");
  BOOST_CHECK_EQUAL(json_characters(R"("\ud83dx")"), "\xEF\xBF\xBDx");
  BOOST_CHECK_EQUAL(json_characters(R"("\u00")"),
                    "\xEF\xBF\xBD"
                    "00");
  BOOST_CHECK_EQUAL(json_characters("\""), "");
}

BOOST_AUTO_TEST_CASE(reals) {
  BOOST_CHECK_EQUAL(json_real("-0.5e-3").value(), -0.5e-3);
  BOOST_CHECK(std::isnan(json_real("\"nan\"").value()));
  BOOST_CHECK_EQUAL(json_real("\"-inf\"").value(), -INFINITY);
  BOOST_CHECK_EQUAL(json_real("1e999").value(), INFINITY);
  BOOST_CHECK_EQUAL(json_real("1e-999").value(), 0.0);
  for (const char* text : {"", "true", "\"1\"", "nan", "inf", "1x", "[1]"})
    BOOST_CHECK_MESSAGE(!json_real(text), text);
}

BOOST_AUTO_TEST_SUITE_END()
