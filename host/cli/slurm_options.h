// The options that are values of slurm.*: what they are called, and what
// --help says of them.
#pragma once

#include <boost/program_options.hpp>
#include <vector>

#include "config/sources.h"

namespace eh::host {

boost::program_options::options_description slurm_options();

/// The settings that the options of a command line mean. Throws Error (usage).
std::vector<ConfigSetting> slurm_settings_in(
    const boost::program_options::variables_map& values);

}  // namespace eh::host
