// The GPUs that this process may use, as its environment tells, and which of
// them an experiment gets. Devices are named as they are there: by number or
// by UUID.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace eh::host {

/// The value of a variable, or null.
using Environment = std::function<const char*(const char* name)>;
Environment real_environment();

/// None if nothing is said of any, or that there are none. What SLURM numbers
/// (SLURM_JOB_GPUS) is looked at last: where it confines a job to its devices,
/// they are numbered anew for what runs in it.
std::vector<std::string> allowed_gpus(const Environment& environment);

/// Equal parts of `devices` for so many slots: "0,1", "2,3". One is left over
/// rather than shared. With `most`, that many for each slot at most (0: any
/// number). None where there are fewer devices than slots.
std::vector<std::string> share_gpus(const std::vector<std::string>& devices,
                                    std::size_t slots, std::size_t most = 0);

/// The variables that leave an experiment `gpus`, of the allowed ones: all
/// that say something of devices here, each in its own terms.
std::vector<std::pair<std::string, std::string>> gpu_variables(
    const std::string& gpus, const Environment& environment);

}  // namespace eh::host
