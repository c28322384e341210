// What a long experiment leaves is on the disk before it is called done: power
// that fails later takes nothing of it.
#pragma once

#include <set>
#include <string>

namespace eh::host::child {

/// Whether this process has run for a second, so that this costs it little.
bool is_worth_syncing();

/// What could not be brought to the disk.
struct Unsynced {
  int error = 0;
  std::string file;  ///< below the leaf, or elsewhere
};

/// Brings all files in the folder `leaf` to the disk, whoever wrote them, but
/// none of earlier attempts; and `elsewhere`, which are paths from there. Files
/// that are gone, or that the file system cannot sync, are no problem.
Unsynced sync_files(int leaf, const std::set<std::string>& elsewhere);

/// Brings names in a folder to the disk. Returns 0 or errno.
int sync_names(int folder);

}  // namespace eh::host::child
