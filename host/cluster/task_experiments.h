// What a task on a cluster is to run, in terms of what this node has: the
// catalog that the copies of the plugins make here.
#pragma once

#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "cluster/spec.h"
#include "run/prepare.h"

namespace eh::host {

/// The copies of the plugins of `catalog`. Throws Error (bad_plugin) if one is
/// not what was submitted.
Snapshots copies_of(const RunSpec& spec, const Catalog& catalog,
                    const ResultTree& tree);

/// Where the plugins of `catalog` were built, by their place in it.
std::vector<std::string> built_at(const RunSpec& spec, const Catalog& catalog);

/// The experiments number `first` ... `last` - 1 of the run, as this node's
/// catalog has them: where they were, or elsewhere by their names. Throws Error
/// (no_match) if one is missing.
std::vector<Experiment> found_here(const Catalog& catalog,
                                   const std::string& group,
                                   const std::vector<SpecExperiment>& of_run,
                                   std::size_t first, std::size_t last);

}  // namespace eh::host
