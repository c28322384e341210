// What a run does before anything of it starts, here or on a cluster.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "catalog/snapshot.h"
#include "leaf/leaf.h"
#include "plan/selection.h"

namespace eh::host {

/// Copies of plugins, by their place in the catalog.
using Snapshots = std::map<std::size_t, PluginSnapshot>;

/// Where copies of plugins and of eh-host are.
std::string snapshot_folder(const ResultTree& tree);

/// Those that these experiments are of. Throws Error.
Snapshots snapshots_for(const Catalog& catalog,
                        const std::vector<Experiment>& todo,
                        const ResultTree& tree);

/// Says on stderr which of their plugins were compiled without optimisation.
void note_slow_plugins(const Catalog& catalog,
                       const std::vector<Experiment>& todo);

}  // namespace eh::host
