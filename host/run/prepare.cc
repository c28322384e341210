#include "run/prepare.h"

#include <iostream>
#include <set>

#include "os/program.h"

namespace eh::host {

std::string snapshot_folder(const ResultTree& tree) {
  return tree.path() + "/.eh/plugins";
}

Snapshots snapshots_for(const Catalog& catalog,
                        const std::vector<Experiment>& todo,
                        const ResultTree& tree) {
  Snapshots out;
  for (const auto& experiment : todo) {
    const auto plugin = catalog.families[experiment.family].origin.plugin;
    if (out.count(plugin)) continue;
    out.emplace(plugin, PluginSnapshot(catalog.plugins[plugin].path,
                                       snapshot_folder(tree)));
  }
  return out;
}

void note_slow_plugins(const Catalog& catalog,
                       const std::vector<Experiment>& todo) {
  std::set<std::size_t> told;
  for (const auto& experiment : todo) {
    const auto number = catalog.families[experiment.family].origin.plugin;
    const auto& plugin = catalog.plugins[number];
    if (!plugin.is_slow() || !told.insert(number).second) continue;
    std::cerr << this_program().name << ": note: '" << plugin.path
              << "' was compiled without optimisation, which makes what it "
                 "measures slow (CMAKE_BUILD_TYPE=Release, or -O2)\n";
  }
}

}  // namespace eh::host
