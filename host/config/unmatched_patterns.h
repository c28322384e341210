// Patterns of a configuration file that match no experiment: mostly a name
// that was misspelt, or is another one by now; and those that match others than
// was meant. No error, as a file may be
// shared with plugins that are not loaded now.
#pragma once

#include <string>
#include <vector>

#include "base/glob.h"
#include "catalog/catalog.h"
#include "config/file.h"

namespace eh::host {

/// Warnings about these of the patterns in force that concern `group` (all
/// groups, if it is ""). One outside of "groups" is told of only if it matches
/// in no group.
std::vector<std::string> doubtful_patterns(const Catalog& catalog,
                                           const ConfigFile& file,
                                           const std::string& group);

/// Whether a name of a family matches. Looks at the labels of its axes one by
/// one, not at all of their combinations, unless a filter drops some of these.
bool any_matches(const Family& family, const Glob& glob);

}  // namespace eh::host
