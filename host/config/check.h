// What is wrong with the configuration: all of it at once, before anything
// runs.
#pragma once

#include <string>
#include <vector>

#include "config/sources.h"

namespace eh::host {

/// Throws Error (usage) if there are mistakes in values that are needed before
/// plugins are loaded, or in the form of the file: with these, and with all
/// others that are sure to be some, whatever plugins there are.
void check_form(const ConfigSources& sources);

/// Throws Error (usage) with all mistakes of all layers. `group` is the one
/// that was asked for, or "". Returns warnings.
std::vector<std::string> check_all(const ConfigSources& sources,
                                   const ConfigSchemas& schemas,
                                   const std::string& group);

}  // namespace eh::host
