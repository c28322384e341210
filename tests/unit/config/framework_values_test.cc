// The framework's values stand in two places: eh::Config, which plugins are
// compiled with, and the host's table, which knows ranges and scopes besides.
// They have to be the same.
#include <eh/config.hpp>

#include "config/framework_keys.h"
#include "config/value.h"

using namespace eh::host;

BOOST_AUTO_TEST_SUITE(config_framework_values)

namespace {

// What the SDK says of a struct, member by member, with dotted names.
template <class T>
void describe(const std::string& prefix, const T& value,
              std::vector<ConfigMember>& out) {
  eh::detail::for_each_field(
      value, [&]<class M>(std::string_view name, const M& member) {
        const auto full = prefix + std::string(name);
        if constexpr (std::is_same_v<M, eh::Secret>) {
          ConfigMember secret{full, {}, {}, {}};
          secret.type.kind = ConfigType::secret;
          out.push_back(std::move(secret));
        } else if constexpr (std::is_same_v<M, eh::SlurmConfig> ||
                             std::is_same_v<M, eh::SlackConfig>) {
          describe(full + '.', member, out);
        } else {
          std::string json = R"({"members":)";
          eh::detail::ListWriter members(json);
          eh::detail::append_member(members, full, member);
          members.finish();
          out.push_back(parse_config_class(json + '}').members.at(0));
        }
      });
}

}  // namespace

BOOST_AUTO_TEST_CASE(are_the_same_in_the_sdk) {
  std::vector<ConfigMember> sdk;
  describe("", eh::Config{}, sdk);
  const auto& host = framework_keys();
  BOOST_REQUIRE_EQUAL(sdk.size(), host.size());
  for (std::size_t i = 0; i < host.size(); ++i) {
    BOOST_TEST_CONTEXT(host[i].name) {
      BOOST_CHECK_EQUAL(sdk[i].name, host[i].name);
      BOOST_CHECK(sdk[i].type.kind == host[i].type.kind);
      if (!host[i].type.element.empty())
        BOOST_CHECK(sdk[i].type.element.at(0).kind ==
                    host[i].type.element[0].kind);
      BOOST_TEST(sdk[i].type.choices == host[i].type.choices);
      std::vector<ConfigMistake> mistakes;
      const auto value =
          ValueReader("", mistakes).read(host[i].type, sdk[i].value, "value");
      if (host[i].type.kind == ConfigType::secret) continue;
      BOOST_CHECK(mistakes.empty());
      BOOST_CHECK_EQUAL(json_text(value), json_text(host[i].value));
    }
  }
}

BOOST_AUTO_TEST_CASE(have_descriptions_and_defaults_in_their_ranges) {
  for (const auto& key : framework_keys()) {
    BOOST_TEST_CONTEXT(key.name) {
      BOOST_CHECK(!key.description.empty());
      if (key.type.kind == ConfigType::secret) continue;
      std::vector<ConfigMistake> mistakes;
      ValueReader("", mistakes).read(key.type, key.value, key.name);
      BOOST_CHECK(mistakes.empty());
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
