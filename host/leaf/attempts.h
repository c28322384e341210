// The earlier attempts of a leaf: what one left is moved from the leaf to
// .eh/attempts/N/. Until all of it is moved, it is in .eh/keeping-N-...: a host
// that is killed on the way leaves that, and the next one goes on.
//
// The lease of the leaf is to be held.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "leaf/files.h"

namespace eh::host {

class LeafAttempts {
 public:
  enum What {
    all,
    records,   ///< what a continued attempt does not go on with
    replaced,  ///< all, as what --force replaces: see leaf/replaced.h
  };

  /// `files` is not to be destroyed before. `alive` is called all the while.
  LeafAttempts(int tree, const LeafFiles& files, std::string leaf,
               std::function<void()> alive);

  /// The highest number of those that are kept, 0 if there are none.
  unsigned kept() const;
  /// The number of the attempt that the leaf, or its folder elsewhere, holds;
  /// `verdict` is its own.
  unsigned number(const std::optional<Verdict>& verdict) const;

  /// Moves what an attempt left; of one that left nothing, the number is kept.
  void keep(unsigned number, What what);
  /// Does what is left to be done of a keep().
  void finish();
  /// Moves a whole folder, as an attempt. Returns its number, which is a higher
  /// one if there is such an attempt.
  unsigned keep_folder(const std::string& folder, unsigned number);

 private:
  void go_on(unsigned number, What what);

  int tree_;
  const LeafFiles& files_;
  const std::string leaf_, attempts_;
  const std::function<void()> alive_;
};

}  // namespace eh::host
