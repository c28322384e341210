// Removing results. A leaf is removed under its lease, so never one that runs,
// and what it says is looked at again when it is held.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "leaf/leaf.h"

namespace eh::host {

struct CleanWanted {
  bool done = false;
  bool failed = false;
  bool unfinished = false;
  bool attempts = false;  ///< of any that does not run, but only these
  /// Only what ended before: seconds since 1970.
  std::optional<double> before;
};

/// What is on the disk.
struct DiskUse {
  std::size_t files = 0;
  std::uint64_t bytes = 0;  ///< that the files hold
  DiskUse& operator+=(const DiskUse& other);
};

/// Of a file, or of a folder with all that is in it; no symbolic link is
/// followed. Throws std::system_error.
DiskUse disk_use(int at, const std::string& path);

class Cleaner {
 public:
  struct Found {
    LeafState::Kind kind;
    std::optional<DiskUse> use;  ///< that would be removed, unless it stays
  };

  Cleaner(ResultTree& tree, CleanWanted wanted);

  Found find(const std::string& leaf, const Leases& leases) const;
  /// Removes it. Returns what it was; nothing if it stays. Throws
  /// std::system_error.
  std::optional<DiskUse> remove(const std::string& leaf, Leases& leases);

 private:
  bool is_wanted(const std::string& leaf, LeafState::Kind kind) const;
  bool is_old(const std::string& path) const;
  std::vector<std::string> old_attempts(const std::string& leaf) const;
  std::optional<DiskUse> use_of(const std::string& leaf) const;

  ResultTree& tree_;
  const CleanWanted wanted_;
};

}  // namespace eh::host
