#include "config_support.h"

#include <sys/stat.h>

namespace eh::host::test {

std::string my_config() {
  return R"({"class":"MyConfig","members":[
    {"name":"message","kind":"text","type":"std::string","value":"Hello"},
    {"name":"number","kind":"integer","type":"int",
     "min":-2147483648,"max":2147483647,"value":42},
    {"name":"sizes","kind":"list","type":"std::vector<int>",
     "element":{"kind":"integer","type":"int"},"value":[]},
    {"name":"weights","kind":"map","type":"std::map<std::string, double>",
     "element":{"kind":"real","type":"double"},"value":{"a":1}},
    {"name":"data","kind":"path","type":"std::filesystem::path",
     "value":"data"},
    {"name":"model","kind":"object","type":"Model","members":[
      {"name":"layers","kind":"integer","type":"int","value":3},
      {"name":"rate","kind":"real","type":"double","value":0.1}]}],
    "overrides":{"output_directory":"out","slurm":{"gpus":1}}})";
}

Catalog config_catalog() {
  std::vector<Family> families;
  for (const char* group : {"main", "other", "plain"}) {
    families.push_back(single(group, "a"));
    families.push_back(sweep(group, "sweep/{seed}", {{"seed", {"1", "2"}}}));
  }
  auto catalog = catalog_of(std::move(families));
  for (auto& group : catalog.groups) {
    if (group.name == "main") group.config = my_config();
    if (group.name == "other")
      group.config = R"({"class":"Other","members":[
        {"name":"number","kind":"real","value":0.5},
        {"name":"extra","kind":"text","value":""}]})";
  }
  return catalog;
}

ConfigWorld::ConfigWorld(
    const std::string& file,
    std::vector<std::pair<std::string, std::string>> settings,
    Variables variables, const std::string& section) {
  std::optional<ConfigChoice> choice;
  if (!file.empty()) {
    folder.write("FILE", file);
    ::chmod((folder / "FILE").c_str(), 0600);
    choice = ConfigChoice{folder / "FILE", section};
  }
  std::vector<ConfigSetting> given;
  for (const auto& [name, text] : settings)
    given.push_back({name, text, "--set"});
  sources.emplace(choice, std::move(variables), std::move(given));
}

namespace {

std::string without(std::string text, const std::string& part) {
  for (auto at = text.find(part); at != text.npos; at = text.find(part))
    text.erase(at, part.size());
  return text;
}

}  // namespace

std::string ConfigWorld::value(const std::string& name,
                               const std::string& group,
                               const std::string& experiment) const {
  const auto config = resolve(group, experiment);
  const auto& entry = config.at(name);
  return without(json_text(entry.value) + ' ' + entry.origin,
                 folder.path() + '/');
}

std::string ConfigWorld::mistakes(const std::string& group) const {
  try {
    check(group);
    return {};
  } catch (const Error& error) {
    BOOST_CHECK_EQUAL(error.code(), exit_usage);
    return without(error.what(), folder.path() + '/');
  }
}

}  // namespace eh::host::test
