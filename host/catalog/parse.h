// Reads a plugin's description, as eh-child writes it.
#pragma once

#include <string_view>
#include <vector>

#include "catalog/catalog.h"

namespace eh::host {

/// One plugin's part of a catalog.
struct Description {
  PluginInfo plugin;
  std::vector<Group> groups;
  std::vector<Family> families;
  std::vector<Problem> problems;
};

/// Reads what `eh-child describe` wrote. Throws std::runtime_error.
Description parse_description(std::string_view json);

}  // namespace eh::host
