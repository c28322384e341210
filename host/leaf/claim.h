// Takes a leaf for an attempt: its lease, then what an earlier attempt left is
// moved into .eh/attempts/N/, so that the new one starts clean; only a leaf
// that holds a checkpoint goes on where it is. Nothing is deleted. Whatever a
// host that was killed here left half done is finished, or undone.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "leaf/files.h"
#include "leaf/lease.h"

namespace eh::host {

struct LeafClaim {
  enum Kind {
    claimed,
    done,
    busy,     ///< another host has it
    settled,  ///< another host ran it and it failed: see ClaimRules
  } kind = busy;
  unsigned attempt = 1;
  bool resumes = false;  ///< from a checkpoint
  Owner holder = {};     ///< if busy
  /// If settled.
  std::optional<Verdict> verdict = {};
  int failures = 0;       ///< if claimed: that used up retries elsewhere
  bool replaces = false;  ///< it keeps attempts that --force replaces
  /// The newest of these that is ok: "group/name/.eh/attempts/1", or "".
  std::string replaced_ok = {};
};

/// What counts of that which other attempts at an experiment left.
struct ClaimRules {
  /// Failures at or after this (a time as in verdicts) and all of a run that
  /// has such a one are the experiment's turn, once they are more than
  /// `retries`. "": none is.
  std::string since = {};
  std::function<int()> retries = [] { return 0; };
  /// Whether it counts what a run found, by the id of its owner: what does not
  /// is replaced. Empty: all does.
  std::function<bool(const std::string& owner)> counts = {};
};

/// Takes the lease and prepares the leaf for a new attempt, unless it is done
/// or somebody else's. Throws std::system_error.
LeafClaim claim_leaf(int tree, const LeafFiles& files, const std::string& leaf,
                     Leases& leases, const ClaimRules& rules);

}  // namespace eh::host
