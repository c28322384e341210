// Which shared libraries came with a plugin, for its results to say so.
#pragma once

#include <set>
#include <string>

namespace eh::host::child {

/// The files that are mapped into this process as programs or libraries.
std::set<std::string> mapped_files();

/// Those that are mapped now but were not `before`, as a JSON array of absolute
/// paths, without `plugin` and the system's own in /lib and /usr/lib.
std::string new_libraries_json(const std::set<std::string>& before,
                               const std::string& plugin);

}  // namespace eh::host::child
