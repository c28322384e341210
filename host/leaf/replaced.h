// Attempts whose result --force replaces: each stays in .eh/attempts/N/, with a
// mark, until a new attempt is ok. The lease of the leaf is to be held.
#pragma once

#include <string>
#include <vector>

namespace eh::host {

/// Marks the folder of an attempt. Throws std::system_error.
void mark_replaced(int tree, const std::string& folder);

/// The folders of those that a leaf keeps, the newest first: "leaf/.eh/
/// attempts/2". Throws std::system_error.
std::vector<std::string> replaced_attempts(int tree, const std::string& leaf);

/// Removes them. Throws std::system_error.
void remove_replaced(int tree, const std::string& leaf);

}  // namespace eh::host
