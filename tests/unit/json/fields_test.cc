#include "json/fields.h"

#include "support.h"

using namespace eh::host;

BOOST_AUTO_TEST_SUITE(json_fields)

BOOST_AUTO_TEST_CASE(what_is_there) {
  const ParsedJson parsed(
      R"({"t":"a","n":3,"r":0.5,"b":true,"l":["x","y"],"o":{"t":"in"}})");
  const auto in = parsed.fields();
  BOOST_REQUIRE(in);
  BOOST_CHECK_EQUAL(in->text("t"), "a");
  BOOST_CHECK_EQUAL(in->number<unsigned>("n"), 3);
  BOOST_CHECK_EQUAL(in->number<double>("n"), 3);
  BOOST_CHECK_EQUAL(in->number<double>("r"), 0.5);
  BOOST_CHECK(in->truth("b"));
  BOOST_TEST(in->texts("l") == (std::vector<std::string>{"x", "y"}));
  BOOST_REQUIRE(in->object("o"));
  BOOST_CHECK_EQUAL(in->object("o")->text("t"), "in");
}

BOOST_AUTO_TEST_CASE(what_is_not) {
  const ParsedJson parsed(R"({"t":3,"n":"3","big":1e300,"half":0.5,"l":{}})");
  const auto in = parsed.fields();
  BOOST_REQUIRE(in);
  BOOST_CHECK(in->has("t"));
  BOOST_CHECK(!in->has("u"));
  BOOST_CHECK_EQUAL(in->text("t"), "");
  BOOST_CHECK_EQUAL(in->text("u"), "");
  BOOST_CHECK_EQUAL(in->number<int>("n", 7), 7);
  BOOST_CHECK_EQUAL(in->number<int>("u", 7), 7);
  BOOST_CHECK(!in->find<int>("big"));
  BOOST_CHECK(!in->find<int>("half"));
  BOOST_CHECK(!in->truth("t"));
  BOOST_CHECK(in->list("l").empty());
  BOOST_CHECK(!in->object("t"));
}

BOOST_AUTO_TEST_CASE(what_is_not_an_object) {
  for (const char* text : {"", "[]", "3", R"({"a":1)", R"({"a":1} x)"})
    BOOST_CHECK_MESSAGE(!ParsedJson(text).fields(), text);
}

BOOST_AUTO_TEST_SUITE_END()
