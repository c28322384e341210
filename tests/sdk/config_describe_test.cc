// Configuration classes: how they and their values are written.
#define BOOST_TEST_MODULE sdk_config_describe
#include <array>
#include <boost/test/unit_test.hpp>
#include <limits>
#include <map>
#include <unordered_map>

#include "config_classes.h"

namespace fs = std::filesystem;
namespace chrono = std::chrono;

namespace {

/// What abi.h calls TYPE.
template <class T>
std::string type_of(const T& value = {}) {
  std::string out;
  eh::detail::ObjectWriter object(out);
  eh::detail::append_type(object, value);
  object.finish();
  return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(describes_every_type) {
  const auto integer = [](const std::string& least, const std::string& most,
                          const std::string& type) {
    return "{\"kind\":\"integer\",\"min\":" + least + ",\"max\":" + most +
           ",\"type\":\"" + type + "\"}";
  };
  BOOST_TEST(type_of<bool>() == R"({"kind":"bool","type":"bool"})");
  BOOST_TEST(type_of<char>() == integer("-128", "127", "char"));
  BOOST_TEST(type_of<std::int8_t>() == integer("-128", "127", "int8_t"));
  BOOST_TEST(type_of<std::uint8_t>() == integer("0", "255", "uint8_t"));
  BOOST_TEST(type_of<short>() == integer("-32768", "32767", "short"));
  BOOST_TEST(type_of<unsigned short>() ==
             integer("0", "65535", "unsigned short"));
  BOOST_TEST(type_of<int>() == integer("-2147483648", "2147483647", "int"));
  BOOST_TEST(type_of<unsigned>() == integer("0", "4294967295", "unsigned"));
  BOOST_TEST(type_of<std::int64_t>() ==
             integer("-9223372036854775808", "9223372036854775807", "long"));
  BOOST_TEST(type_of<std::uint64_t>() ==
             integer("0", "18446744073709551615", "unsigned long"));
  BOOST_TEST(type_of<float>() ==
             R"({"kind":"real","single":true,"type":"float"})");
  BOOST_TEST(type_of<double>() == R"({"kind":"real","type":"double"})");
  BOOST_TEST(type_of<std::string>() ==
             R"({"kind":"text","type":"std::string"})");
  BOOST_TEST(type_of<fs::path>() ==
             R"({"kind":"path","type":"std::filesystem::path"})");
  BOOST_TEST(type_of<Mode>() ==
             R"({"kind":"choice","choices":["fast","exact"],"type":"Mode"})");
  BOOST_TEST(type_of<eh::LogLevel>() ==
             R"({"kind":"choice","choices":["debug","info","warning",)"
             R"("error","critical"],"type":"eh::LogLevel"})");
  BOOST_TEST(type_of<eh::Duration>() ==
             R"({"kind":"duration","type":"eh::Duration"})");
  BOOST_TEST(type_of<chrono::milliseconds>() ==
             R"({"kind":"duration","tick":0.001,"min":-9223372036854775808,)"
             R"("max":9223372036854775807,)"
             R"("type":"std::chrono::milliseconds"})");
  BOOST_TEST((type_of<chrono::duration<std::uint8_t, std::ratio<3600>>>() ==
              R"({"kind":"duration","tick":3600,"min":0,"max":255,)"
              R"("type":"std::chrono::duration"})"));
  BOOST_TEST(type_of<std::vector<std::vector<bool>>>() ==
             R"({"kind":"list","type":"std::vector<std::vector<bool>>",)"
             R"("element":{"kind":"list","type":"std::vector<bool>",)"
             R"("element":{"kind":"bool","type":"bool"}}})");
  BOOST_TEST((type_of<std::array<float, 2>>() ==
              R"({"kind":"list","length":2,"type":"std::array<float, 2>",)"
              R"("element":{"kind":"real","single":true,"type":"float"}})"));
  BOOST_TEST((type_of<std::map<std::string, std::string>>() ==
              R"({"kind":"map","type":"std::map<std::string, std::string>",)"
              R"("element":{"kind":"text","type":"std::string"}})"));
  BOOST_TEST((type_of<std::unordered_map<std::string, bool>>() ==
              R"({"kind":"map","type":"std::map<std::string, bool>",)"
              R"("element":{"kind":"bool","type":"bool"}})"));
  BOOST_TEST((type_of<std::optional<fs::path>>() ==
              R"({"kind":"optional","type":)"
              R"("std::optional<std::filesystem::path>","element":)"
              R"({"kind":"path","type":"std::filesystem::path"}})"));
}

BOOST_AUTO_TEST_CASE(describes_structs_with_their_defaults) {
  const std::string expected =
      R"({"kind":"object","members":[{"name":"size","kind":"integer",)"
      R"("min":-2147483648,"max":2147483647,"type":"int","value":SIZE},)"
      R"({"name":"weights","kind":"list","type":"std::vector<double>",)"
      R"("element":{"kind":"real","type":"double"},"value":[0.5]}],)"
      R"("type":"Layer"})";
  const auto with = [&](const std::string& size) {
    std::string text = expected;
    return text.replace(text.find("SIZE"), 4, size);
  };
  // Where the struct is a member, its own defaults may be others.
  BOOST_TEST(type_of(Layer{8, {0.5}}) == with("8"));
  BOOST_TEST(type_of(std::vector<Layer>{{8, {}}}) ==
             R"({"kind":"list","type":"std::vector<Layer>","element":)" +
                 with("3") + "}");
}

BOOST_AUTO_TEST_CASE(describes_a_class) {
  BOOST_TEST(
      eh::detail::describe_config<Study>() ==
      R"({"class":"Study","members":[{"name":"message","kind":"text",)"
      R"("type":"std::string","value":"Hello"},{"name":"number",)"
      R"("kind":"integer","min":-2147483648,"max":2147483647,"type":"int",)"
      R"("value":42}],"overrides":{}})");
  BOOST_TEST(eh::detail::describe_config<Layer>().ends_with(
      R"("value":[0.5]}],"overrides":{}})"));
  BOOST_TEST(eh::detail::describe_config<eh::Config>() ==
             R"({"class":"eh::Config","members":[],"overrides":{}})");
}

BOOST_AUTO_TEST_CASE(describes_what_a_class_inherits_and_changes) {
  const std::string deeper =
      R"("members":[{"name":"message","kind":"text","type":"std::string",)"
      R"("value":"Hello"},{"name":"number","kind":"integer",)"
      R"("min":-2147483648,"max":2147483647,"type":"int","value":7},)"
      R"({"name":"rates","kind":"list","type":"std::vector<double>",)"
      R"("element":{"kind":"real","type":"double"},"value":[0.5]}],)"
      R"("overrides":{"output_directory":"/data",)";
  const std::string rest =
      R"("timeout":"600s","logfiles":[{"file":"all.log","size":0,"count":5}],)"
      R"("slurm":{"gpus":1,"setup":["module load cuda"]},)"
      R"("slack":{"loglevel":"error"}}})";
  BOOST_TEST(eh::detail::describe_config<Deeper>() ==
             R"({"class":"Deeper",)" + deeper + rest);
  BOOST_TEST(eh::detail::describe_config<NothingOwn>() ==
             R"({"class":"NothingOwn",)" + deeper + R"("workers":4,)" + rest);
}

BOOST_AUTO_TEST_CASE(writes_values) {
  BOOST_TEST(eh::values_json(Study{}) == R"({"message":"Hello","number":42})");
  Study study;
  study.number = 7;
  study.jobs = 3;
  study.slack.channel = "C1";
  BOOST_TEST(eh::values_json(study) ==
             R"({"message":"Hello","number":7,"jobs":3,)"
             R"("slack":{"channel":"C1"}})");
  // What the class changes, and this changes back.
  NothingOwn back;
  back.timeout = std::nullopt;
  back.slurm = {};
  BOOST_TEST(eh::values_json(back).ends_with(
      R"("timeout":null,"logfiles":[{"file":"all.log","size":0,"count":5}],)"
      R"("slurm":{"gpus":0,"setup":[]},"slack":{"loglevel":"error"}})"));
  BOOST_TEST(eh::values_json(eh::Config{}) == "{}");
  BOOST_TEST(eh::values_json(Layer{1, {}}) == R"({"size":1,"weights":[]})");
  std::unordered_map<std::string, int> map;
  for (const char* key : {"c", "a", "b"}) map[key] = 1;
  BOOST_TEST(json_of(map) == R"({"a":1,"b":1,"c":1})");
}

BOOST_AUTO_TEST_CASE(refuses_to_write_what_has_no_form) {
  BOOST_TEST(thrown([] { eh::values_json(Holder<Mode>{Mode{9}}); }) ==
             "the Mode 9 has no name");
  Holder<eh::Duration> endless;
  endless.value = eh::Duration(std::numeric_limits<double>::infinity());
  BOOST_TEST(thrown([&] { eh::values_json(endless); }) ==
             "a duration has to be finite");
  const std::string latin = "caf\xE9";
  const std::string refused = "a text has to be UTF-8, not \"caf\uFFFD\"";
  BOOST_TEST(thrown([&] { eh::values_json(Holder<std::string>{latin}); }) ==
             refused);
  BOOST_TEST(thrown([&] { eh::values_json(Holder<fs::path>{latin}); }) ==
             refused);
  BOOST_TEST(
      thrown([&] {
        eh::values_json(Holder<std::map<std::string, int>>{{{latin, 1}}});
      }) == refused);
}
