// Runs experiments of a plugin with the host's runner and launches, all with
// the configuration that is read from stdin, however it may have been made:
//
//   run_configured CHILD PLUGIN OUTPUT VERDICT_FILE NAME...
//
// Those named wait-... may take a tenth of a second.
#include <iostream>
#include <iterator>

#include "run/child_launch.h"
#include "run/runner.h"

using namespace eh::host;

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  Catalog catalog;
  catalog.plugins.push_back({words.at(1), 1, 1, "", "", "", "", {}});
  catalog.groups.push_back({"main", "", {}});
  std::vector<Experiment> todo;
  for (std::size_t i = 4; i < words.size(); ++i) {
    Family family;
    family.group = "main";
    family.name_template = words[i];
    if (!family.prepare().empty()) return 2;
    todo.push_back({static_cast<std::uint32_t>(catalog.families.size()), 0});
    catalog.families.push_back(std::move(family));
  }

  LeafRules rules;
  rules.verdict_file = words.at(3);
  ResultTree tree(words.at(2), rules, true);
  const auto run_id = "configured-" + std::to_string(::getpid());
  Leases leases(tree.fd(), Owner::self(run_id));
  LaunchSettings settings;
  settings.child = {words.at(0)};
  settings.run_id = run_id;
  settings.launch_directory = "/";

  ExperimentConfig config;
  config.json.assign(std::istreambuf_iterator<char>(std::cin), {});
  if (!config.json.empty()) config.hash = "0a1b";
  ExperimentConfig limited = config;
  limited.timeout = 0.1;
  const auto config_of = [&](const Experiment& e) -> const ExperimentConfig& {
    const auto& name = catalog.families[e.family].name_template;
    return name.starts_with("wait-") ? limited : config;
  };
  ChildLaunches launches(
      catalog, {{0, PluginSnapshot(words.at(1), tree.path() + "/.eh/plugins")}},
      tree, settings, config_of);
  const auto processes = make_processes(settings.child, run_id);
  const auto listener = [](const Event& event) {
    if (const auto* unwritable = std::get_if<ExperimentUnwritable>(&event))
      std::cout << unwritable->message << '\n';
  };
  Counts counts;
  counts.chosen = todo.size();
  ListSource source(std::move(todo));
  return Runner({catalog, tree, leases, *processes, launches}, {}, listener)
      .run(source, counts);
}
