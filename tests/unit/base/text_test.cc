#include "base/text.h"

#include <cmath>

#include "support.h"

using namespace eh::host;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(base_text)

BOOST_AUTO_TEST_CASE(durations_are_read) {
  const std::pair<const char*, double> good[] = {
      {"90", 90},       {"90s", 90},        {"1.5m", 90},    {"10min", 600},
      {"2h", 7200},     {"1d", 86400},      {"1h30m", 5400}, {"250ms", 0.25},
      {"0", 0},         {"1h30m15s", 5415}, {".5s", 0.5},    {"0.25", 0.25},
      {"1d12h", 129600}};
  for (const auto& [text, seconds] : good) {
    const auto read = parse_duration(text);
    BOOST_TEST_CONTEXT(text) {
      BOOST_REQUIRE(read.has_value());
      BOOST_CHECK_CLOSE(*read + 1, seconds + 1, 1e-9);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_duration_is_refused) {
  for (const auto* text :
       {"", " ", "s", "-1", "-1s", "1x", "1 s", "s1", "1h-5m", "1e3", "inf",
        "nan", "1hour", "5S", "ten", "1,5s", "1..5s"})
    BOOST_CHECK_MESSAGE(!parse_duration(text), "'" << text << "'");
}

BOOST_AUTO_TEST_CASE(durations_for_people) {
  BOOST_CHECK_EQUAL(duration_text(0), "0.00s");
  BOOST_CHECK_EQUAL(duration_text(-0.001), "0.00s");
  BOOST_CHECK_EQUAL(duration_text(0.21), "0.21s");
  BOOST_CHECK_EQUAL(duration_text(12.3), "12.3s");
  BOOST_CHECK_EQUAL(duration_text(9.999), "10.0s");
  BOOST_CHECK_EQUAL(duration_text(59.99), "1m 00s");
  BOOST_CHECK_EQUAL(duration_text(125), "2m 05s");
  BOOST_CHECK_EQUAL(duration_text(3599.9), "1h 00m");
  BOOST_CHECK_EQUAL(duration_text(3 * 3600 + 20 * 60), "3h 20m");
  BOOST_CHECK_EQUAL(duration_text(2 * 86400 + 4 * 3600), "2d 04h");
}

BOOST_AUTO_TEST_CASE(counts) {
  BOOST_CHECK_EQUAL(count_text(0, "experiment"), "0 experiments");
  BOOST_CHECK_EQUAL(count_text(1, "experiment"), "1 experiment");
  BOOST_CHECK_EQUAL(count_text(12000, "experiment"), "12,000 experiments");
  BOOST_CHECK_EQUAL(count_text(2, "process", "processes"), "2 processes");
  BOOST_CHECK_EQUAL(grouped(999), "999");
  BOOST_CHECK_EQUAL(grouped(1000), "1,000");
  BOOST_CHECK_EQUAL(grouped(100000), "100,000");
  BOOST_CHECK_EQUAL(grouped(1234567), "1,234,567");
}

BOOST_AUTO_TEST_CASE(near_names_are_typos) {
  const Texts names{"baseline", "heavy", "light", "sweep/c=1", "heavier"};
  BOOST_TEST(near_names("baselin", names) == Texts{"baseline"});
  BOOST_TEST(near_names("basleine", names) == Texts{"baseline"});  // swapped
  BOOST_TEST(near_names("haevy", names) == Texts{"heavy"});
  BOOST_TEST(near_names("zzzzzz", names) == Texts{});
  BOOST_TEST(near_names("sweep", names) == Texts{"sweep/c=1"});  // a part
  BOOST_TEST(near_names("x", {}) == Texts{});
}

BOOST_AUTO_TEST_CASE(near_names_are_nearest_first_and_few) {
  const Texts names{"abcx", "abce", "abc1", "abcd5", "abcd", "abcd"};
  BOOST_TEST(near_names("abcd", names, 1) == Texts{"abcd"});
  const auto three = near_names("abcd", names);
  BOOST_TEST(three.size() == 3u);
  BOOST_TEST(three[0] == "abcd");
  BOOST_TEST(three[1] != "abcd");  // each once
}

BOOST_AUTO_TEST_CASE(did_you_mean_is_a_half_sentence) {
  BOOST_TEST(did_you_mean("heavi", {"heavy", "x"}) ==
             ", did you mean 'heavy'?");
  BOOST_TEST(did_you_mean("run3", {"run1", "run2"}) ==
             ", did you mean 'run1' or 'run2'?");
  BOOST_TEST(did_you_mean("heavy", {"something"}) == "");
}

BOOST_AUTO_TEST_CASE(split_keeps_empty_parts) {
  BOOST_TEST(split("", ',') == Texts{""});
  BOOST_TEST(split("a,b", ',') == (Texts{"a", "b"}));
  BOOST_TEST(split(",a,,", ',') == (Texts{"", "a", "", ""}));
}

BOOST_AUTO_TEST_CASE(shell_words_split_like_a_shell) {
  const auto words = [](const char* text) {
    return shell_words(text).value_or(Texts{"<open quote>"});
  };
  BOOST_TEST(words("") == Texts{});
  BOOST_TEST(words(" gdb  --args\t-q \n") == (Texts{"gdb", "--args", "-q"}));
  BOOST_TEST(words("a 'b c' \"d e\"") == (Texts{"a", "b c", "d e"}));
  BOOST_TEST(words("a'b'\"c\"d") == Texts{"abcd"});
  BOOST_TEST(words("'' \"\"") == (Texts{"", ""}));
  BOOST_TEST(words(R"(a\ b \' \\)") == (Texts{"a b", "'", "\\"}));
  BOOST_TEST(words(R"('a\b')") == Texts{R"(a\b)"});
  BOOST_TEST(words(R"("a\"b\\c\$d")") == Texts{R"(a"b\c$d)"});
  // Between double quotes a backslash takes only what is special there.
  BOOST_TEST(words(R"("a\nb\.c")") == Texts{R"(a\nb\.c)"});
  BOOST_TEST(words("'it''s' \"it's\"") == (Texts{"its", "it's"}));
  BOOST_TEST(words("a $HOME *") == (Texts{"a", "$HOME", "*"}));
  BOOST_TEST(words("'a") == Texts{"<open quote>"});
  BOOST_TEST(words("a \"b") == Texts{"<open quote>"});
  BOOST_TEST(words("a '\"") == Texts{"<open quote>"});
}

BOOST_AUTO_TEST_CASE(shell_quoting) {
  BOOST_TEST(shell_quoted("plain/c=1,x.y-z_0") == "plain/c=1,x.y-z_0");
  BOOST_TEST(shell_quoted("") == "''");
  BOOST_TEST(shell_quoted("a b") == "'a b'");
  BOOST_TEST(shell_quoted("it's") == "'it'\\''s'");
  for (const auto* word :
       {"*", "a?", "[x]", "$HOME", "~", "a;b", "a|b", "a&b", "a<b", "(a)",
        "{a,b}", "!x", "#x", "a\\b", "\"", "`x`", "a\nb", "\xc3\xa9"}) {
    const auto quoted = shell_quoted(word);
    BOOST_TEST_CONTEXT(word) {
      BOOST_CHECK_EQUAL(quoted.front(), '\'');
      const auto back = shell_words(quoted);
      BOOST_REQUIRE(back.has_value());
      BOOST_TEST(*back == Texts{word});
    }
  }
}

BOOST_AUTO_TEST_CASE(control_characters_are_made_visible) {
  BOOST_TEST(printable("a b\xc3\xa9") == "a b\xc3\xa9");
  BOOST_TEST(printable("a\x1b[31m\n") == "a\\x1b[31m\\x0a");
  BOOST_TEST(printable(std::string_view("\0\x7f", 2)) == "\\x00\\x7f");
}

BOOST_AUTO_TEST_CASE(what_fools_a_terminal_is_made_visible) {
  BOOST_TEST(printable("a\u009b31mb") == "a\\u009b31mb");  // CSI in one
  BOOST_TEST(printable("\u202etxt.exe\u2066\u200f\u061c") ==
             "\\u202etxt.exe\\u2066\\u200f\\u061c");
  BOOST_TEST(printable("\ufeff\u2028\U000E0041") ==
             "\\ufeff\\u2028\\udb40\\udc41");
  // Bytes that are not UTF-8: alone, too long, half a character.
  BOOST_TEST(printable("\x9b"
                       "31m\xc0\x80\xe2\x80") ==
             "\\x9b31m\\xc0\\x80\\xe2\\x80");
  for (const auto* same : {"\u00e9\u05d0\u0627", "\u200d\u200c", "\U0001F600",
                           "\u00a0", "\ufffd", "\\u202e"})
    BOOST_TEST(printable(same) == same);
}

BOOST_AUTO_TEST_CASE(lines_and_colours_may_stay) {
  BOOST_TEST(printable_lines("a\n\tb\x1b[31m") == "a\n\\x09b\\x1b[31m");
  BOOST_TEST(printable_output("\x1b[31ma\x1b[0m\n") == "\x1b[31ma\x1b[0m\n");
  BOOST_TEST(printable_output("\x1b[2J\x1b]0;x\x07\x1b[\r") ==
             "\\x1b[2J\\x1b]0;x\\x07\\x1b[\\x0d");
  BOOST_TEST(printable_output(R"({"a":"\u202e)"
                              "\u202e\"}") == R"({"a":"\u202e\u202e"})");
}

BOOST_AUTO_TEST_CASE(beginnings_have_whole_characters) {
  BOOST_TEST(beginning("abc", 3) == "abc");
  BOOST_TEST(beginning("abc", 2) == "ab");
  BOOST_TEST(beginning("a\u20ac", 3) == "a");
  BOOST_TEST(beginning("a\u20ac", 4) == "a\u20ac");
  BOOST_TEST(beginning("\x80\x80", 1) == "");
}

// Seeds and shards depend on these values: they must never change.
BOOST_AUTO_TEST_CASE(stable_hash_is_stable) {
  // FNV-1a of "" and "a", put through SplitMix64's finaliser.
  auto finalised = [](std::uint64_t h) {
    h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9u;
    h = (h ^ (h >> 27)) * 0x94d049bb133111ebu;
    return h ^ (h >> 31);
  };
  BOOST_CHECK_EQUAL(stable_hash(""), finalised(0xcbf29ce484222325u));
  BOOST_CHECK_EQUAL(stable_hash("a"), finalised(0xaf63dc4c8601ec8cu));
  BOOST_CHECK_EQUAL(stable_hash("foobar"), finalised(0x85944171f73967e8u));
  BOOST_CHECK_NE(stable_hash("main/a"), stable_hash("main/b"));
  BOOST_CHECK_NE(stable_hash(std::string_view("\0", 1)), stable_hash(""));
  BOOST_CHECK_EQUAL(stable_hash("\xff"), stable_hash("\xff"));
}

BOOST_AUTO_TEST_CASE(stable_hash_spreads_over_shards) {
  int shards[4] = {};
  for (int i = 0; i < 4000; ++i)
    ++shards[stable_hash("sweep/run" + std::to_string(i)) % 4];
  for (const int count : shards) {
    BOOST_TEST(count > 850);
    BOOST_TEST(count < 1150);
  }
}

BOOST_AUTO_TEST_CASE(seconds_are_read_as_the_same) {
  for (const double seconds : {0.0, 0.25, 90.0, 1e-9, 1e22, 5e-324, 1e308})
    BOOST_CHECK(parse_duration(seconds_text(seconds)) == seconds);
  BOOST_CHECK_EQUAL(seconds_text(0.25), "0.25s");
  BOOST_CHECK_EQUAL(seconds_text(1e-9), "0.000000001s");
}

BOOST_AUTO_TEST_SUITE_END()
