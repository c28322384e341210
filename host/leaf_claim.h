// Takes a leaf for an attempt: its lease, then what an earlier attempt left is
// moved into .eh/attempts/N/, so that the new one starts clean; only a leaf
// that holds a checkpoint goes on where it is. Nothing is deleted. Whatever a
// host that was killed here left half done is finished, or undone.
#pragma once

#include <optional>
#include <string>

#include "leaf_files.h"
#include "lease.h"

namespace eh::host {

struct LeafClaim {
  enum Kind {
    claimed,
    done,
    busy,     ///< another host has it
    settled,  ///< another host ran it and it failed, since `since`
  } kind = busy;
  unsigned attempt = 1;
  bool resumes = false;  ///< from a checkpoint
  Owner holder = {};     ///< if busy
  /// If settled.
  std::optional<Verdict> verdict = {};
};

/// Takes the lease and prepares the leaf for a new attempt, unless it is done
/// or somebody else's. What failed at or after `since` (a time as in verdicts;
/// "": never mind) had its turn. Throws std::system_error.
LeafClaim claim_leaf(int tree, const LeafFiles& files, const std::string& leaf,
                     Leases& leases, const std::string& since);

}  // namespace eh::host
