#include "base/glob.h"

#include "base/number_range.h"
#include "support.h"

using namespace eh::host;

BOOST_AUTO_TEST_SUITE(base_glob)

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

// In names that have braces: as they are, and as a source writes them.
BOOST_AUTO_TEST_CASE(braces_around_a_single_text) {
  yes("{n}=*", {"{n}=1", "n=1"});
  no("{n}=*", {"{n=1", "n}=1", "{{n}}=1"});
  yes("plain{}", {"plain{}", "plain"});
  yes("plain{{}}", {"plain{}"});
  yes("set{{a,b}}/*", {"set{a,b}/1", "seta/1"});
  no("set{{a,b}}/*", {"set{a}b}/1", "set/1"});
  yes("{x}{y}", {"{x}{y}", "xy", "{x}y"});
  yes("{a*}", {"{abc}", "abc"});
  no("{a,b}", {"{a}"});
  no("{1..3}", {"{1..3}", "{2}"});
}

BOOST_AUTO_TEST_CASE(ranges_of_numbers) {
  yes("run{1..20}", {"run1", "run9", "run10", "run12", "run20"});
  no("run{1..20}", {"run", "run0", "run01", "run21", "run100", "run1..20"});
  yes("{20..1}", {"1", "20"});
  yes("{7..7}", {"7"});
  no("{7..7}", {"77", ""});
  yes("{0..3}{1..2}", {"01", "32"});
  yes("{08..12}", {"08", "09", "10", "12"});
  no("{08..12}", {"8", "8", "008", "13"});
  yes("{8..010}", {"008", "010"});
  no("{8..010}", {"8", "10"});
  yes("{1..3,7,a}", {"1", "3", "7", "a"});
  no("{1..3,7,a}", {"4", "1..3"});
  yes("{a{1..10},b}/x", {"a10/x", "b/x"});
  yes("{-2..1}", {"-2", "-1", "0", "1"});
  no("{-2..1}", {"-3", "-0", "2"});
  yes("*{98..101}", {"x98", "99", "1101"});
  no("*{98..101}", {"x97", "102"});
  yes("{1..1000000000000}", {"1", "999999999999", "1000000000000"});
  no("{1..1000000000000}", {"0", "1000000000001"});
  // None of these is one.
  yes("{1..a}", {"1..a"});
  yes("{1...3}", {"1...3"});
  yes("{1..2..3}", {"1..2..3"});
  yes("{1.2}", {"1.2"});
  yes("{-01..3}", {"-01..3"});
  yes(R"({1\..3})", {"1..3"});
  yes("1..3", {"1..3"});
  yes("{1..1234567890123456789}", {"1..1234567890123456789"});
  // What stands before is not made a set of by what a range becomes.
  yes("x[{1..3}", {"x[2"});
  no("x[{1..3}", {"x1", "x["});
}

// Each number is compared with all ranges of others.
BOOST_AUTO_TEST_CASE(ranges_take_their_numbers_alone) {
  const int numbers[] = {0, 1, 5, 9, 10, 11, 19, 20, 99, 100, 109, 110, 999};
  for (const int first : numbers)
    for (const int last : numbers) {
      if (last < first) continue;
      const Glob glob('{' + std::to_string(first) + ".." +
                      std::to_string(last) + '}');
      for (int i = 0; i <= 1000; ++i)
        if (glob.matches(std::to_string(i)) != (first <= i && i <= last))
          BOOST_ERROR(glob.pattern() << " and " << i);
    }
}

BOOST_AUTO_TEST_CASE(sets_that_were_meant_as_ranges) {
  const auto hint = [](std::string_view set, std::string_view meant) {
    const auto told = range_hint(set);
    BOOST_CHECK_MESSAGE(told.find(meant) != told.npos, set << ": " << told);
  };
  hint("run[1-20]", "'[1-20]' takes one character, not a number");
  hint("run[1-20]", "(write '{1..20}')");
  hint("{a,[08-12]}", "{08..12}");
  hint("[a-z][1-5,10-20,7]", "{1..5,10..20,7}");
  hint("[8,12]", "{8,12}");
  for (const auto* set : {"[1-9]", "[12]", "[a-z]", "[0-9a]", "[!0-9]", "[1-a]",
                          "[1-3,5]", R"(\[1-20])", "[1-20", "{1..20}", "[]"})
    BOOST_CHECK_EQUAL(range_hint(set), "");
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
  BOOST_CHECK(Glob(braces).is_cut());
  BOOST_CHECK(!Glob("{a,b}{c,d}").is_cut());
  match(std::string(2000, '{'), "a");
  match(std::string(2000, '['), "a");
}

BOOST_AUTO_TEST_CASE(pattern_is_kept) {
  BOOST_CHECK_EQUAL(Glob("{a,b}*").pattern(), "{a,b}*");
}

BOOST_AUTO_TEST_SUITE_END()
