// Short forms of the names of a family, for lists.
#pragma once

#include <string>

#include "catalog/catalog.h"

namespace eh::host {

/// A family as the pattern that takes its names, each swept part by its values:
/// "c={1,2,4}/{1..20}". Where these are too many to list, the part is "*".
std::string family_pattern(const Family& family);

/// The values that family_pattern() has no room for: "load=0.01,0.02,...,1".
std::string long_axes_text(const Family& family);

}  // namespace eh::host
