#include "config_catalog.h"

#include "support.h"

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
        {"name":"extra","kind":"text","value":""},
        {"name":"note","kind":"optional","element":{"kind":"text"},
         "value":null},
        {"name":"places","kind":"map","element":{"kind":"path"},
         "value":{"b":"x"}}]})";
  }
  return catalog;
}

}  // namespace eh::host::test
