// What becomes of a leaf whose owner was on another machine and only seems
// dead: its whole folder becomes an earlier attempt, and the leaf gets a new
// folder, with copies of what is gone on with. Should that owner's processes
// still run, they write into what is theirs.
//
// The new folder is made complete inside of the old one, in .eh. Then the old
// one is renamed to a name beside it (moved_folder()), and the new one to the
// leaf's. A host that is killed before, between or after these two leaves what
// any other recognises: without the leaf, the old folder is put back; with it,
// what is left to be moved is moved.
#pragma once

#include <functional>
#include <string>

#include "leaf/attempts.h"
#include "leaf/files.h"

namespace eh::host {

class Leases;

/// Where the folder of a leaf is while it is taken over.
std::string moved_folder(const std::string& leaf);

class LeafTakeover {
 public:
  LeafTakeover(int tree, const LeafFiles& files, const std::string& leaf,
               LeafAttempts& attempts, Leases& leases,
               std::function<void()> alive);

  /// Whether another takeover of this leaf came to no end.
  bool is_begun() const;
  /// Puts the old folder back where the leaf is not there, or an empty folder.
  void put_back() const;
  /// Whether the leaf, whose lease is held, is the new folder.
  bool is_swapped() const;

  /// Removes what killed hosts left of new folders. Holding the lease.
  void remove_leftovers() const;
  /// Holding the lease. Throws std::system_error; then the leaf is as it was,
  /// or is_begun().
  void take_over();
  /// What take_over() does once the leaf has its new folder. Returns the number
  /// of the attempt that the old one has become.
  unsigned finish();

 private:
  void make_new() const;
  void swap() const;

  int tree_;
  const LeafFiles& files_;
  const std::string& leaf_;
  LeafAttempts& attempts_;
  Leases& leases_;
  const std::function<void()> alive_;
  const std::string moved_, new_;
};

}  // namespace eh::host
