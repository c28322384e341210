#include "report/slack_text.h"

#include <boost/test/unit_test.hpp>

#include "support.h"

using namespace eh::host;

BOOST_AUTO_TEST_SUITE(report_slack_text)

namespace {

std::string repeated(std::size_t times, const std::string& what) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += what;
  return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(lengths) {
  BOOST_CHECK_EQUAL(slack_length(""), 0u);
  BOOST_CHECK_EQUAL(slack_length("aä€"), 3u);
  BOOST_CHECK_EQUAL(slack_length("😀"), 2u);
  BOOST_CHECK_EQUAL(slack_length("\xFF\xC3"), 2u);
}

BOOST_AUTO_TEST_CASE(markup_is_escaped) {
  BOOST_CHECK_EQUAL(slack_escaped("<!channel> & <@U1>", 100),
                    "&lt;!channel&gt; &amp; &lt;@U1&gt;");
  BOOST_CHECK_EQUAL(slack_escaped("&amp;", 100), "&amp;amp;");
  BOOST_CHECK_EQUAL(slack_escaped("a\tb\nä😀", 100), "a\tb\nä😀");
  BOOST_CHECK_EQUAL(slack_escaped("\x1b[31m\x7f", 100), "\\x1b[31m\\x7f");
  BOOST_CHECK_EQUAL(slack_escaped({"\0", 1}, 100), "\\x00");
  BOOST_CHECK_EQUAL(slack_escaped("a\xFFz\xC3", 100),
                    "a\xEF\xBF\xBDz\xEF\xBF\xBD");
}

BOOST_AUTO_TEST_CASE(long_texts_are_cut_and_say_so) {
  BOOST_CHECK_EQUAL(slack_escaped(repeated(100, "a"), 100), repeated(100, "a"));
  BOOST_CHECK_EQUAL(slack_escaped(repeated(101, "a"), 100),
                    repeated(60, "a") + "... (41 more characters)");
  BOOST_CHECK_EQUAL(slack_escaped(repeated(12'405, "a"), 100),
                    repeated(60, "a") + "... (12,345 more characters)");
  // An entity is whole or not there at all.
  BOOST_CHECK_EQUAL(slack_escaped(repeated(30, "&"), 100),
                    repeated(12, "&amp;") + "... (18 more characters)");
  BOOST_CHECK_EQUAL(slack_escaped(repeated(30, "<"), 102),
                    repeated(15, "&lt;") + "... (15 more characters)");
  // So is a character, of however many bytes.
  BOOST_CHECK_EQUAL(slack_escaped(repeated(101, "€"), 100),
                    repeated(60, "€") + "... (41 more characters)");
  BOOST_CHECK_EQUAL(slack_escaped(repeated(51, "😀"), 101),
                    repeated(30, "😀") + "... (21 more characters)");
  BOOST_CHECK_EQUAL(slack_escaped(repeated(60, "a") + repeated(10, "&"), 100),
                    repeated(60, "a") + "... (10 more characters)");
}

BOOST_AUTO_TEST_CASE(no_text_gets_longer_than_it_may) {
  for (std::size_t most = 80; most < 130; ++most)
    for (const char* what : {"a", "&", "<", "€", "😀", "\x01", "\xFF", "a&"})
      for (const std::size_t times : {1u, 25u, 79u, 100u, 131u, 5000u}) {
        const auto text = repeated(times, what);
        BOOST_CHECK_LE(slack_length(slack_escaped(text, most)), most);
        BOOST_CHECK_LE(slack_length(slack_code(text, most)), most);
        BOOST_CHECK_LE(slack_length(slack_code(text + "\n" + text, most)),
                       most);
      }
}

BOOST_AUTO_TEST_CASE(code) {
  BOOST_CHECK_EQUAL(slack_code("", 100), "");
  BOOST_CHECK_EQUAL(slack_code("\n ", 100), "");
  BOOST_CHECK_EQUAL(slack_code("a *b* <c>\n", 100), "`a *b* &lt;c&gt;`");
  BOOST_CHECK_EQUAL(slack_code("say `x` ``` y", 100), "`say ˋxˋ ˋˋˋ y`");
  BOOST_CHECK_EQUAL(slack_code("a\r\nb", 100), "```\na\nb\n```");
  BOOST_CHECK_EQUAL(slack_code("a\rb", 100), "`a\\x0db`");
}

BOOST_AUTO_TEST_SUITE_END()
