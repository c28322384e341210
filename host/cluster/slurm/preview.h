// What --dry-run says of a run on a cluster.
#pragma once

#include <string>
#include <vector>

#include "cluster/slurm/script.h"
#include "cluster/spec.h"

namespace eh::host {

/// How many tasks there would be, which experiments they would run, what sbatch
/// would be told, and the script.
std::string preview_text(const JobScript& script, const std::string& run_id,
                         const std::vector<SpecExperiment>& experiments);

}  // namespace eh::host
