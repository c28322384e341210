#include "config_support.h"

#include "config/check.h"

namespace eh::host::test {

ConfigFixture::ConfigFixture(
    const std::string& file,
    std::vector<std::pair<std::string, std::string>> settings,
    Variables variables, const std::string& section) {
  std::optional<ConfigText> text;
  if (!file.empty()) text = ConfigText{"FILE", section, file, "/cfg", false};
  std::vector<ConfigSetting> given;
  for (const auto& [name, value] : settings)
    given.push_back({name, value, "--set", false});
  sources.emplace(text, std::move(variables), std::move(given));
}

std::string ConfigFixture::value(const std::string& name,
                                 const std::string& group,
                                 const std::string& experiment) const {
  const auto config = resolve(group, experiment);
  const auto& entry = config.at(name);
  return json_text(entry.value) + ' ' + entry.origin;
}

std::string ConfigFixture::mistakes(const std::string& group) const {
  try {
    check(group);
    return {};
  } catch (const Error& error) {
    BOOST_CHECK_EQUAL(error.code(), exit_usage);
    return error.what();
  }
}

}  // namespace eh::host::test
