// Names of experiments that cannot all be folders of one tree.
#pragma once

#include <vector>

#include "catalog/catalog.h"

namespace eh::host {

/// Names that clash (equal, or one a folder of the other) or that cannot be a
/// folder, groups that are missing or defined twice. Looks only at the parts
/// of names that families share, so a lone sweep of a million costs nothing.
std::vector<Problem> check_names(const Catalog& catalog);

}  // namespace eh::host
