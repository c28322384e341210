#include "json/document.h"

#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(json_document)

namespace {

std::string again(std::string_view text) {
  return json_text(parse_json(text));
}

std::string text_of(TextPlace place) {
  return std::to_string(place.line) + ':' + std::to_string(place.column);
}

// "LINE:COLUMN MESSAGE" of what is wrong with a text.
std::string error_of(std::string_view text) {
  try {
    parse_json(text);
  } catch (const JsonError& error) {
    return text_of(error.place) + ' ' + error.what();
  }
  return "nothing is wrong";
}

std::string nested(std::size_t depth, char open, const std::string& inside,
                   char close) {
  return std::string(depth, open) + inside + std::string(depth, close);
}

}  // namespace

BOOST_AUTO_TEST_CASE(values_of_each_kind) {
  BOOST_CHECK(parse_json("null").kind == JsonValue::null);
  const auto yes = parse_json("true"), no = parse_json("false");
  BOOST_CHECK(yes.kind == JsonValue::boolean && yes.truth);
  BOOST_CHECK(no.kind == JsonValue::boolean && !no.truth);
  const auto number = parse_json("-12.50e+3");
  BOOST_CHECK(number.kind == JsonValue::number);
  BOOST_CHECK_EQUAL(number.text, "-12.50e+3");
  const auto text = parse_json("\"a b\"");
  BOOST_CHECK(text.kind == JsonValue::string);
  BOOST_CHECK_EQUAL(text.text, "a b");
  const auto list = parse_json("[1, [], \"x\"]");
  BOOST_CHECK(list.kind == JsonValue::array);
  BOOST_REQUIRE_EQUAL(list.elements.size(), 3);
  BOOST_CHECK(list.elements[1].kind == JsonValue::array);
  BOOST_CHECK_EQUAL(list.elements[2].text, "x");
  const auto object = parse_json("{\"a\": 1, \"\": {\"a\": 2}}");
  BOOST_CHECK(object.kind == JsonValue::object);
  BOOST_REQUIRE_EQUAL(object.members.size(), 2);
  BOOST_CHECK_EQUAL(object.members[0].key, "a");
  BOOST_REQUIRE(object.find("") && object.find("")->find("a"));
  BOOST_CHECK_EQUAL(object.find("")->find("a")->text, "2");
  BOOST_CHECK(!object.find("b"));
  BOOST_CHECK(!number.find("a"));
}

BOOST_AUTO_TEST_CASE(numbers_stay_as_they_were_written) {
  for (const char* number :
       {"0", "-0", "7", "10", "0.5", "-0.0", "1e5", "1E-05", "0e0", "1.50",
        "18446744073709551616", "3.0000000000000000001", "2.5e+400"}) {
    BOOST_TEST_CONTEXT(number) {
      BOOST_CHECK_EQUAL(again(number), number);
      BOOST_CHECK_EQUAL(again('[' + std::string(number) + ']'),
                        '[' + std::string(number) + ']');
    }
  }
}

BOOST_AUTO_TEST_CASE(escapes) {
  const auto decoded = [](const char* text) { return parse_json(text).text; };
  BOOST_CHECK_EQUAL(decoded(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
  BOOST_CHECK_EQUAL(decoded(R"("\u0041\u00e9\u20AC")"), "A\u00e9\u20ac");
  BOOST_CHECK_EQUAL(decoded(R"("\ud83d\ude00!")"), "\U0001f600!");
  BOOST_CHECK_EQUAL(decoded(R"("\uD800\uDC00\udbff\udfff")"),
                    "\U00010000\U0010ffff");
  BOOST_CHECK_EQUAL(decoded(R"("\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff")"),
                    "\x7f\u0080\u07ff\u0800\ud7ff\ue000\uffff");
  BOOST_CHECK_EQUAL(decoded(R"("\u0000")"), std::string(1, '\0'));
  BOOST_CHECK_EQUAL(decoded("\"h\u00e9 \U0001f600 /* */ // '\""),
                    "h\u00e9 \U0001f600 /* */ // '");
  BOOST_CHECK_EQUAL(parse_json(R"({"\u0061":1})").members[0].key, "a");
}

BOOST_AUTO_TEST_CASE(text_is_one_valid_line) {
  BOOST_CHECK_EQUAL(
      again(" { \"b\" : [ 1 , 2.50 , [ ] , { } ] ,\n \"a\" : null , }\n"),
      R"({"b":[1,2.50,[],{}],"a":null})");
  BOOST_CHECK_EQUAL(again(R"({"k\n\"":"\u0000\u001f\t\\\/\u00e9"})"),
                    "{\"k\\n\\\"\":\"\\u0000\\u001f\\t\\\\/\u00e9\"}");
  BOOST_CHECK_EQUAL(again("[true,false,null,\"\"]"), "[true,false,null,\"\"]");
}

BOOST_AUTO_TEST_CASE(comments_and_trailing_commas) {
  BOOST_CHECK_EQUAL(again("// first\n{// second\n\"a\"/* : */:/**/1//\n,}//"),
                    R"({"a":1})");
  BOOST_CHECK_EQUAL(again("/* {\n * \"a\": // */ [1/**/,/* * / */2,/**/]"),
                    "[1,2]");
  BOOST_CHECK_EQUAL(again("// a\r\n1 // b\r\n"), "1");
  BOOST_CHECK_EQUAL(again("true// b"), "true");
  BOOST_CHECK_EQUAL(again("/***/ 1 /**/"), "1");
  BOOST_CHECK_EQUAL(again("[[1,],{\"a\":2,},]"), "[[1],{\"a\":2}]");
  BOOST_CHECK_EQUAL(again("\xEF\xBB\xBF{}"), "{}");
}

BOOST_AUTO_TEST_CASE(places_of_values_and_keys) {
  const auto root = parse_json(
      "\xEF\xBB\xBF// \u00e9\r\n"
      "{ \"\u00e9\U0001f600\": 1, \"b\": [true,\r\n"
      "\t\"\u20ac\", // x\n"
      "/* \u20ac\n*/{\"c\":\n null}]\n"
      "}");
  BOOST_CHECK_EQUAL(text_of(root.place), "2:1");
  const auto& first = root.members.at(0);
  BOOST_CHECK_EQUAL(text_of(first.place), "2:3");
  BOOST_CHECK_EQUAL(text_of(first.value.place), "2:9");
  const auto& second = root.members.at(1);
  BOOST_CHECK_EQUAL(text_of(second.place), "2:12");
  BOOST_CHECK_EQUAL(text_of(second.value.place), "2:17");
  BOOST_CHECK_EQUAL(text_of(second.value.elements.at(0).place), "2:18");
  BOOST_CHECK_EQUAL(text_of(second.value.elements.at(1).place), "3:2");
  const auto& last = second.value.elements.at(2);
  BOOST_CHECK_EQUAL(text_of(last.place), "5:3");
  BOOST_CHECK_EQUAL(text_of(last.members.at(0).place), "5:4");
  BOOST_CHECK_EQUAL(text_of(last.members.at(0).value.place), "6:2");
  // A lone carriage return is white space within its line.
  BOOST_CHECK_EQUAL(text_of(parse_json("\r 1").place), "1:3");
  BOOST_CHECK_EQUAL(text_of(JsonValue().place), "0:0");
}

// What `text` gets as an error, and where.
struct Mistake {
  const char* text;
  const char* error;
};

void all_refused(std::initializer_list<Mistake> mistakes) {
  for (const auto& mistake : mistakes) BOOST_TEST_CONTEXT(mistake.text)
  BOOST_CHECK_EQUAL(error_of(mistake.text), mistake.error);
}

BOOST_AUTO_TEST_CASE(what_is_missing) {
  all_refused({
      {"", "1:1 expected a value, found the end of the text"},
      {" \n// x\n", "1:1 expected a value, found the end of the text"},
      {"]", "1:1 expected a value, found ']'"},
      {"[1 2]", "1:3 expected ',' or ']' after this value, found '2'"},
      {"[1,,2]", "1:4 expected a value or ']', found ','"},
      {"[,]", "1:2 expected a value or ']', found ','"},
      {"[:]", "1:2 expected a value or ']', found ':'"},
      {"{\"a\":1\n \"b\":2}",
       "1:7 expected ',' or '}' after this value, found '\"b\"'"},
      {"{\"a\":1 \"b\n:2}",
       "1:7 expected ',' or '}' after this value, found '\"b'"},
      {"{\"a\" // key\n 1}", "1:5 expected ':' after this key, found '1'"},
      {"{\"a\" , 1}", "1:5 expected ':' after this key, found ','"},
      {"{\"a\": }", "1:7 expected a value after ':', found '}'"},
      {"{,}", "1:2 expected a key in quotes or '}', found ','"},
      {"{\"a\":1,,}", "1:8 expected a key in quotes or '}', found ','"},
      {"{[", "1:2 expected a key in quotes or '}', found '['"},
      {"{} x", "1:4 expected the end of the text after this value, found 'x'"},
      {"1,2", "1:2 expected the end of the text after this value, found ','"},
      {"1 2", "1:3 expected the end of the text after this value, found '2'"},
      {"\"a\": 1",
       "1:4 expected the end of the text after this value, found ':' (write an"
       " object in braces, {...})"},
      {"\x01", "1:1 expected a value, found '\\x01'"},
  });
}

BOOST_AUTO_TEST_CASE(brackets_that_stay_open_are_named) {
  all_refused({
      {"\n [1, {\"a\": 2}\n\n",
       "2:14 expected ',' or ']' after this value, found the end of the text"
       " (the '[' at 2:2 is not closed)"},
      {"[{\"a\": 1,\n",
       "1:10 expected a key in quotes or '}', found the end of the text (the"
       " '{' at 1:2 is not closed)"},
      {"{\"a\":\n",
       "1:6 expected a value after ':', found the end of the text (the '{' at"
       " 1:1 is not closed)"},
      {"{\"a\"",
       "1:5 expected ':' after this key, found the end of the text (the '{' at"
       " 1:1 is not closed)"},
      {"[",
       "1:2 expected a value or ']', found the end of the text (the '[' at 1:1"
       " is not closed)"},
      {"{\"a\": [1, 2}",
       "1:12 expected ',' or ']' after this value, found '}' (the '[' at 1:7"
       " is not closed)"},
      {"[{]",
       "1:3 expected a key in quotes or '}', found ']' (the '{' at 1:2 is not"
       " closed)"},
  });
}

BOOST_AUTO_TEST_CASE(strings_and_comments_that_stay_open) {
  const std::string open =
      " this string is not closed (a '\"' is missing in this line; a line end"
      " is written \\n)";
  for (const char* text :
       {"{\"a\": \"b}", "{\"a\": \"b\n\"}", "{\"a\": \"b\r\n\"}",
        "{\"a\": \"b\\\n\"}", "{\"a\": \"b\\\r\n\"}", "{\"a\": \"b\\",
        "{\"a\": \""})
    BOOST_TEST_CONTEXT(text)
  BOOST_CHECK_EQUAL(error_of(text), "1:7" + open);
  BOOST_CHECK_EQUAL(error_of("{\n\"a: 1}"), "2:1" + open);
  BOOST_CHECK_EQUAL(error_of("{} /* * /"),
                    "1:4 this comment is not closed (*/ is missing)");
  BOOST_CHECK_EQUAL(error_of("/*/"),
                    "1:1 this comment is not closed (*/ is missing)");
  all_refused({
      {"{} # x", "1:4 a comment begins with // or /*, found '#'"},
      {"[1, / 2]", "1:5 a comment begins with // or /*, found '/'"},
  });
}

BOOST_AUTO_TEST_CASE(wrong_escapes) {
  const char* half =
      "1:3 this is half a character (a \\ud800 to \\udbff and a \\udc00 to"
      " \\udfff make a whole one)";
  const char* digits = "1:3 expected four hexadecimal digits after \\u";
  all_refused({
      {"\"a\\x\"", "1:3 '\\x' is not an escape (write \\\\ for a backslash)"},
      {"\"\u00e9\\\u20ac\"",
       "1:3 '\\\u20ac' is not an escape (write \\\\ for a backslash)"},
      {"\"a\\'\"", "1:3 '\\'' is not an escape (write \\\\ for a backslash)"},
      {"\"a\\ud83d\"", half},
      {"\"a\\ud83dx\"", half},
      {"\"a\\ud83d\\n\"", half},
      {"\"a\\ud83d\\ud83d\"", half},
      {"\"a\\ud83d\\u0041\"", half},
      {"\"a\\ude00\"", half},
      {"\"a\\ude00\\ud83d\"", half},
      {"\"a\\ude00\\ude00\"", half},
      {"\"a\\u12\"", digits},
      {"\"a\\u12g4\"", digits},
      {"\"a\\u", digits},
      {"\"a\\ud83d\\uzz\"", digits},
      {"\"a\tb\"", "1:3 this control character has to be escaped (write \\t)"},
      {"\"a\rb\"",
       "1:3 this control character has to be escaped (write \\u000d)"},
  });
}

BOOST_AUTO_TEST_CASE(near_misses_say_how_to_write_them) {
  all_refused({
      {"[.5]", "1:2 '.5' is not a JSON number (write 0.5)"},
      {"-.5", "1:1 '-.5' is not a JSON number (write -0.5)"},
      {"1.", "1:1 '1.' is not a JSON number (write 1.0)"},
      {"0.", "1:1 '0.' is not a JSON number (write 0.0)"},
      {"+5", "1:1 '+5' is not a JSON number (write 5)"},
      {"007", "1:1 '007' is not a JSON number (write 7)"},
      {"-00", "1:1 '-00' is not a JSON number (write -0)"},
      {"00.5", "1:1 '00.5' is not a JSON number (write 0.5)"},
      {"00e1", "1:1 '00e1' is not a JSON number (write 0e1)"},
      {"0x1F", "1:1 '0x1F' is not a JSON number (write 31)"},
      {"-0Xff", "1:1 '-0Xff' is not a JSON number (write -255)"},
      {"1_000", "1:1 '1_000' is not a JSON number (write 1000)"},
      {"1'000'000", "1:1 '1'000'000' is not a JSON number (write 1000000)"},
      {"NaN", "1:1 'NaN' is not a JSON number (write \"nan\")"},
      {"Infinity", "1:1 'Infinity' is not a JSON number (write \"inf\")"},
      {"-inf", "1:1 '-inf' is not a JSON number (write \"-inf\")"},
      {"+INF", "1:1 '+INF' is not a JSON number (write \"inf\")"},
      {"10min",
       "1:1 '10min' is not a number (write \"10min\" if it is a text)"},
      {"1e", "1:1 '1e' is not a number (write \"1e\" if it is a text)"},
      {"1.2.3",
       "1:1 '1.2.3' is not a number (write \"1.2.3\" if it is a text)"},
      {"-", "1:1 '-' is not a number (write \"-\" if it is a text)"},
      {"-e5", "1:1 '-e5' is not a number (write \"-e5\" if it is a text)"},
      {".", "1:1 '.' is not a number (write \".\" if it is a text)"},
      {"0x1G", "1:1 '0x1G' is not a number (write \"0x1G\" if it is a text)"},
      {"0x", "1:1 '0x' is not a number (write \"0x\" if it is a text)"},
      {"True", "1:1 'True' is not in lower case (write true)"},
      {"FALSE", "1:1 'FALSE' is not in lower case (write false)"},
      {"Null", "1:1 'Null' is not in lower case (write null)"},
      {"None", "1:1 'None' is not a JSON value (write null)"},
      {"fast", "1:1 'fast' has no quotes (write \"fast\")"},
      {"[a/b//c\n]", "1:2 'a/b' has no quotes (write \"a/b\")"},
      {"[gr\u00f6\u00dfe]",
       "1:2 'gr\u00f6\u00dfe' has no quotes (write \"gr\u00f6\u00dfe\")"},
      {"['it, is']",
       "1:2 single quotes do not hold a text in JSON (write \"...\")"},
      {"['it\n']",
       "1:2 single quotes do not hold a text in JSON (write \"it\")"},
      {"\u201cfast\u201d",
       "1:1 the quote '\u201c' is not a straight one (write \")"},
      {"{a: 1}", "1:2 the key 'a' has no quotes (write \"a\")"},
      {"{\"b\": 1, 2: 1}", "1:10 the key '2' has no quotes (write \"2\")"},
      {"{'a b': 1}",
       "1:2 single quotes do not hold a text in JSON (write \"a b\")"},
  });
}

BOOST_AUTO_TEST_CASE(what_may_be_a_secret_is_not_quoted) {
  all_refused({
      {"{\"token\": xoxb-1}", "1:11 this text has no quotes (write \"...\")"},
      {"{\"token\": 'xoxb-1'}",
       "1:11 single quotes do not hold a text in JSON (write \"...\")"},
      {"{\"token\": 'xoxb-1}",
       "1:11 single quotes do not hold a text in JSON (write \"...\")"},
      {"{\"token\": 1234-5678}",
       "1:11 this is not a number (write \"...\" if it is a text)"},
      {"{\"token\" xoxb-1}",
       "1:9 expected ':' after this key, found a text without quotes"},
      {"{\"token\" \"xoxb-1\"}",
       "1:9 expected ':' after this key, found a text in quotes"},
      {"{\"token\" \"xoxb-1",
       "1:9 expected ':' after this key, found a text in quotes"},
      {"{\"a\": \"b\" xoxb-1}",
       "1:10 expected ',' or '}' after this value, found a text without"
       " quotes"},
      {"[1, 2 123456]",
       "1:6 expected ',' or ']' after this value, found a number"},
      {"{xoxb-1}",
       "1:2 expected a key in quotes or '}', found a text without quotes"},
      {"{'xoxb-1', }",
       "1:2 expected a key in quotes or '}', found a text without quotes"},
      {"\"a\" xoxb-1",
       "1:5 expected the end of the text after this value, found a text"
       " without quotes"},
  });
}

BOOST_AUTO_TEST_CASE(long_words_are_cut_between_characters) {
  const std::string thirty_nine(39, 'x');
  BOOST_CHECK_EQUAL(error_of("{" + thirty_nine + "\u00e9y: 1}"),
                    "1:2 the key '" + thirty_nine +
                        "...' has no quotes (write \"" + thirty_nine +
                        "...\")");
}

BOOST_AUTO_TEST_CASE(keys_that_stand_twice) {
  all_refused({
      {"{\"a\": 1,\n  \"b\": 2, \"a\": 3}",
       "2:11 the key 'a' stands twice (first at 1:2)"},
      {"{\"x\": {\"\\u0061\": 1, \"a\": 2}}",
       "1:21 the key 'a' stands twice (first at 1:8)"},
      {"{\"\": 1, \"\": 1}", "1:9 the key '' stands twice (first at 1:2)"},
  });
  BOOST_CHECK_EQUAL(again("{\"a\":{\"a\":[{\"a\":1},{\"a\":1}]}}"),
                    "{\"a\":{\"a\":[{\"a\":1},{\"a\":1}]}}");
}

BOOST_AUTO_TEST_CASE(what_is_no_utf8) {
  for (const char* bytes :
       {"\x80", "\xC3", "\xC3(", "\xC0\xAF", "\xE0\x80\xAF", "\xF0\x80\x80\xAF",
        "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xE2\x82",
        "\xFF"}) {
    BOOST_CHECK_EQUAL(error_of("[\"\u00e9\",\n \"\u00e9" + std::string(bytes)),
                      "2:4 this is not UTF-8 (save the text as UTF-8)");
  }
  // The text ends within a character, whatever lies behind it.
  BOOST_CHECK_EQUAL(error_of(std::string_view("\"\u00e9\"").substr(0, 2)),
                    "1:2 this is not UTF-8 (save the text as UTF-8)");
  BOOST_CHECK_EQUAL(error_of("{ // \xE9\n}"),
                    "1:6 this is not UTF-8 (save the text as UTF-8)");
}

BOOST_AUTO_TEST_CASE(nesting_ends_at_a_hundred_levels) {
  const auto list = nested(100, '[', "", ']');
  BOOST_CHECK_EQUAL(again(list), list);
  BOOST_CHECK_EQUAL(error_of(nested(101, '[', "", ']')),
                    "1:101 this is nested deeper than 100 levels");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  BOOST_CHECK_EQUAL(error_of(objects),
                    "1:501 this is nested deeper than 100 levels");
  // Levels that were closed do not count.
  BOOST_CHECK_EQUAL(again("[" + list.substr(1, 198) + ",[]]").size(), 203);
}

// Were it quadratic, nobody would wait for it.
BOOST_AUTO_TEST_CASE(large_texts_take_linear_time) {
  std::string object = "{";
  for (int i = 0; i < 200'000; ++i)
    object += "\"a long key, shared by many " + std::to_string(i) + "\":0,";
  const auto parsed = parse_json(object + '}');
  BOOST_CHECK_EQUAL(parsed.members.size(), 200'000);
  BOOST_CHECK_EQUAL(parsed.members.back().value.place.column,
                    object.size() - 1);
  BOOST_CHECK_EQUAL(again(std::string(1'000'000, ' ') + "[/**/1]"), "[1]");
  const std::string text(1'000'000, 'x');
  BOOST_CHECK_EQUAL(parse_json('"' + text + '"').text, text);
}

BOOST_AUTO_TEST_SUITE_END()
