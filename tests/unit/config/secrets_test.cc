#include "config/secrets.h"

#include <filesystem>

#include "config/framework_keys.h"
#include "contract/program.h"
#include "support.h"

using namespace eh::host;
using namespace eh::host::test;

BOOST_AUTO_TEST_SUITE(config_secrets)

namespace {

ConfigText file_of(const std::string& text) {
  return {"eh.config.json", "", text, "/cfg", false};
}

}  // namespace

BOOST_AUTO_TEST_CASE(they_are_taken_out_wherever_they_stand) {
  const auto text = text_without_secrets(file_of(
      R"({"slack": {"token": "xoxb-\u0031", "channel": "C1"}, // xoxb-old
  "groups": {"main": {"slack": {"webhook": "https://hook/2"}}}, /* xoxb-
  older */ "note": "// xoxb-1",
  "sections": {"a": {"slack": {"token": "xoxb-3"}, "jobs": 2}}})"));
  for (const auto* secret : {"xoxb-\\u0031", "old", "https", "xoxb-3"})
    BOOST_CHECK_MESSAGE(text.find(secret) == text.npos, secret);
  BOOST_CHECK_EQUAL(std::count(text.begin(), text.end(), '\n'), 3);
  const auto root = parse_json(text);
  BOOST_CHECK_EQUAL(root.find("slack")->find("channel")->text, "C1");
  BOOST_CHECK(root.find("slack")->find("token")->kind == JsonValue::null);
  // What is no secret stays where it was, for messages.
  BOOST_CHECK_EQUAL(root.find("slack")->find("channel")->place.column, 47u);
  BOOST_CHECK_EQUAL(root.find("note")->text, "// xoxb-1");
  BOOST_CHECK_EQUAL(root.find("sections")->find("a")->find("jobs")->place.line,
                    4u);
}

BOOST_AUTO_TEST_CASE(what_has_none_stays_as_it_is) {
  for (const auto* text : {"", "{", "[]", R"({"jobs": 2, "slack": true})",
                           R"({"slack": {"token_file": "~/x", "a": "\""}})"})
    BOOST_CHECK_EQUAL(text_without_secrets(file_of(text)), text);
}

// A program keeps them, and knows no more of the configuration than this.
BOOST_AUTO_TEST_CASE(programs_know_their_variables) {
  Variables known;
  for (const auto* name : contract::secret_variables) known[name] = "x";
  BOOST_CHECK(without_secrets(known).empty());
  for (const auto& key : framework_keys()) {
    if (key.type.kind != ConfigType::secret) continue;
    auto name = key.name;
    for (auto end = name.size(); end != name.npos; end = name.rfind('.')) {
      name.resize(end);
      BOOST_CHECK_MESSAGE(known.count(variable_of(name)) == 1, name);
    }
  }
}

BOOST_AUTO_TEST_CASE(they_are_read_again_from_a_private_file) {
  const TemporaryDirectory folder;
  const auto path = folder / "eh.config.json";
  folder.write("eh.config.json",
               R"({"slack": {"token": "new"},
                   "groups": {"main": {"slack": {"webhook": "its"}}}})");
  ConfigText kept{"sub/../eh.config.json", "", "{}", folder.path(), false};
  namespace fs = std::filesystem;
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  auto found = with_secrets_of(kept, {{"EH_JOBS", "2"}}, "main");
  BOOST_CHECK((found == Variables{{"EH_JOBS", "2"},
                                  {"EH_SLACK_TOKEN", "new"},
                                  {"EH_SLACK_WEBHOOK", "its"}}));
  // The environment wins, as it does without a cluster.
  found = with_secrets_of(kept, {{"EH_SLACK_TOKEN", "mine"}}, "other");
  BOOST_CHECK((found == Variables{{"EH_SLACK_TOKEN", "mine"}}));
  fs::permissions(path, fs::perms::others_read, fs::perm_options::add);
  BOOST_CHECK(with_secrets_of(kept, {}, "main").empty());
  fs::remove(path);
  BOOST_CHECK(with_secrets_of(kept, {}, "main").empty());
}

BOOST_AUTO_TEST_SUITE_END()
