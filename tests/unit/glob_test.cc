#include "glob.h"

#include "support.h"

using namespace eh::host;

BOOST_AUTO_TEST_SUITE(glob)

namespace {

bool match(std::string_view pattern, std::string_view name) {
  return Glob(pattern).matches(name);
}

void yes(std::string_view pattern, std::initializer_list<const char*> names) {
  for (const auto* name : names)
    BOOST_CHECK_MESSAGE(match(pattern, name), pattern << " takes " << name);
}

void no(std::string_view pattern, std::initializer_list<const char*> names) {
  for (const auto* name : names)
    BOOST_CHECK_MESSAGE(!match(pattern, name), pattern << " not " << name);
}

}  // namespace

BOOST_AUTO_TEST_CASE(literals_match_the_whole_name) {
  yes("heavy", {"heavy"});
  no("heavy", {"", "heav", "heavyy", "xheavy", "Heavy"});
  yes("", {""});
  no("", {"a"});
  yes("a.b+c=1", {"a.b+c=1"});
  no("a.b", {"axb"});
}

BOOST_AUTO_TEST_CASE(star_is_any_text_across_folders) {
  yes("*", {"", "a", "a/b/c"});
  yes("sweep/*", {"sweep/", "sweep/c=1/2"});
  no("sweep/*", {"sweep", "xsweep/1"});
  yes("*/c=4/*", {"sweep/c=4/load=1/2", "/c=4/"});
  yes("a*b*c", {"abc", "axxbyyc", "abbcc", "abcbc"});
  no("a*b*c", {"ab", "acb", "abcx"});
  yes("**", {"", "a/b"});
  yes("a**b", {"ab", "a/x/b"});
  yes("*aab", {"aaab", "aab", "xaaaab"});
}

BOOST_AUTO_TEST_CASE(question_mark_is_one_character) {
  yes("?", {"a", "/", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"});
  no("?", {"", "ab", "\xc3\xa9x"});
  yes("a?c", {"abc",
              "a\xc3\xa9"
              "c"});
  yes("*?", {"a", "ab", "\xc3\xa9"});
  no("*?", {""});
  no("*??", {"\xc3\xa9", "\xe2\x82\xac", "a"});
  yes("*??", {"\xc3\xa9\xc3\xa9", "ab"});
  no("?*?", {"\xe2\x82\xac"});
}

BOOST_AUTO_TEST_CASE(sets) {
  yes("run[1-3]", {"run1", "run2", "run3"});
  no("run[1-3]", {"run0", "run4", "run", "run12"});
  yes("[abc]x", {"ax", "bx", "cx"});
  yes("[a-cx-z]", {"b", "y"});
  no("[a-cx-z]", {"d", "w"});
  yes("[!a]", {"b", "/"});
  no("[!a]", {"a", ""});
  yes("[^a-c]", {"d"});
  no("[^a-c]", {"b"});
  yes("[]a]", {"]", "a"});
  no("[]a]", {"b"});
  yes("[!]a]", {"b"});
  no("[!]a]", {"]", "a"});
  yes("[a-]", {"a", "-"});
  yes("[-a]", {"-", "a"});
  no("[a-]", {"b"});
  yes("[*?{]", {"*", "?", "{"});
  no("[*]", {"a"});
  yes("x[/]y", {"x/y"});
}

BOOST_AUTO_TEST_CASE(sets_hold_characters_not_bytes) {
  yes("[\xc3\xa9]", {"\xc3\xa9"});
  no("[\xc3\xa9]", {"\xc3\xa8", "\xa9", "\xc3"});
  yes("[!a]", {"\xc3\xa9"});
  no("[!\xc3\xa9]", {"\xc3\xa9"});
  yes("[!\xc3\xa9]x", {"\xc3\xa8x"});
  no("*[!\xc3\xa9]", {"\xc3\xa9"});
  yes("[\xce\xb1-\xcf\x89]", {"\xce\xb2", "\xcf\x80"});  // alpha to omega
  no("[\xce\xb1-\xcf\x89]", {"a", "\xce\x91"});
}

BOOST_AUTO_TEST_CASE(backslash_takes_the_next_character_literally) {
  yes(R"(\*)", {"*"});
  no(R"(\*)", {"a", "\\*", ""});
  yes(R"(a\?b)", {"a?b"});
  yes(R"(\[a])", {"[a]"});
  no(R"(\[a])", {"a"});
  yes(R"(\{a,b\})", {"{a,b}"});
  yes(R"(\\)", {"\\"});
  yes(R"(\a)", {"a"});
  yes(R"([\]])", {"]"});
  no(R"([\]])", {"\\", "\\]"});
  yes(R"([a\-c])", {"a", "-", "c"});
  no(R"([a\-c])", {"b"});
  yes(R"({a\,b,c})", {"a,b", "c"});
  yes("a\\", {"a\\"});  // nothing to take
}

BOOST_AUTO_TEST_CASE(what_is_not_closed_stands_for_itself) {
  yes("a[b", {"a[b"});
  no("a[b", {"ab"});
  yes("a[!", {"a[!"});
  yes("[]", {"[]"});
  yes("x]", {"x]"});
  yes("{a", {"{a"});
  yes("a}", {"a}"});
  yes("{a,b", {"{a,b"});
  yes("*[b", {"xx[b"});
  yes("{a{b,c}", {"{ab", "{ac"});
}

BOOST_AUTO_TEST_CASE(alternatives) {
  yes("{a,b}", {"a", "b"});
  no("{a,b}", {"", "ab", "{a,b}", "c"});
  yes("x{a,}y", {"xay", "xy"});
  yes("{heavy,light}/run{1,2}",
      {"heavy/run1", "heavy/run2", "light/run1", "light/run2"});
  yes("{a,{b,c}d}", {"a", "bd", "cd"});
  no("{a,{b,c}d}", {"b", "ad", "c"});
  yes("{a*,?b}", {"axx", "xb"});
  yes("[{]a,b}", {"{a,b}"});
  yes("{[,],x}", {",", "x"});
}

BOOST_AUTO_TEST_CASE(worst_cases_end) {
  // Exponential matching would take longer than anybody waits.
  const std::string text(20'000, 'a');
  std::string pattern;
  for (int i = 0; i < 50; ++i) pattern += "a*";
  BOOST_CHECK(!match(pattern + 'b', text));
  BOOST_CHECK(match(pattern + 'a', text));
  std::string questions;
  for (int i = 0; i < 50; ++i) questions += "*?";
  BOOST_CHECK(!match(questions + 'b', text));
  std::string sets;
  for (int i = 0; i < 50; ++i) sets += "*[a-c]";
  BOOST_CHECK(!match(sets + "[d]", text));
  // 2^40 alternatives are too many to list.
  std::string braces;
  for (int i = 0; i < 40; ++i) braces += "{a,b}";
  BOOST_CHECK(match(braces, std::string(40, 'a')));
  match(std::string(2000, '{'), "a");
  match(std::string(2000, '['), "a");
}

BOOST_AUTO_TEST_CASE(pattern_is_kept) {
  BOOST_CHECK_EQUAL(Glob("{a,b}*").pattern(), "{a,b}*");
}

BOOST_AUTO_TEST_SUITE_END()
