// The schema for editors. That it and the host agree on what is right is tried
// in the system tests.
#include "config/json_schema.h"

#include "config_support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(config_json_schema)

namespace {

JsonValue schema_with(const std::string& members) {
  auto catalog = config_catalog();
  catalog.groups.at(2).config =
      R"({"class":"Third","members":[)" + members + "]}";
  // Refuses keys that stand twice.
  return parse_json(eh::host::config_json_schema(ConfigSchemas{catalog}));
}

const JsonValue& at(const JsonValue& value, const std::string& key) {
  const auto* found = value.find(key);
  BOOST_REQUIRE_MESSAGE(found, key);
  return *found;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_struct_here_may_be_a_value_there) {
  const auto schema =
      schema_with(R"({"name":"model","kind":"text","value":"x"})");
  const auto& either = at(at(at(schema, "properties"), "model"), "anyOf");
  BOOST_REQUIRE_EQUAL(either.elements.size(), 2u);
  BOOST_CHECK_EQUAL(at(either.elements[0], "type").text, "string");
  BOOST_CHECK_EQUAL(at(either.elements[1], "type").text, "object");
}

BOOST_AUTO_TEST_CASE(negative_durations_where_they_may_be) {
  const auto schema =
      schema_with(R"({"name":"pause","kind":"duration","value":"-1s"})");
  const auto& properties = at(schema, "properties");
  BOOST_CHECK(at(at(properties, "pause"), "pattern").text.starts_with("^-?("));
  BOOST_CHECK(
      at(at(properties, "grace_period"), "pattern").text.starts_with("^("));
}

BOOST_AUTO_TEST_CASE(extends_is_for_sections) {
  const auto schema = schema_with(R"({"name":"x","kind":"bool","value":true})");
  BOOST_CHECK(!at(schema, "properties").find("extends"));
  BOOST_CHECK(at(at(at(schema, "definitions"), "section"), "properties")
                  .find("extends"));
}

BOOST_AUTO_TEST_SUITE_END()
