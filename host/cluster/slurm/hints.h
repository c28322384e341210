// What to change where sbatch refuses a job: which of eh's values its words
// are about, and where these came from.
#pragma once

#include <string>

#include "config/config.h"

namespace eh::host {

/// "slurm.partition is nosuch, from --slurm-partition; 'sinfo' lists ...", or
/// where it tells of nothing known, how to go on.
std::string refusal_hint(const std::string& errors, const Config& config);

}  // namespace eh::host
