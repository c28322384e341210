// Result leaves: what they say, how one is left, what an attempt's end is
// written by. Claiming one for an attempt has a unit of its own (leaf/claim.h).
#pragma once

#include <optional>
#include <string>

#include "leaf/claim.h"
#include "leaf/files.h"
#include "leaf/lease.h"
#include "leaf/verdict.h"
#include "os/file.h"

namespace eh::host {

/// What a leaf says.
struct LeafState {
  enum Kind {
    fresh,       ///< nothing there
    done,        ///< the verdict says ok
    failed,      ///< it says failed, crashed, timeout or out_of_memory
    unfinished,  ///< begun, without a verdict or cancelled or stopped
    running,     ///< a live process holds its lease
    unreadable,  ///< this user may not look, or the file system cannot tell
  } kind = fresh;
  bool checkpoint = false;  ///< a next attempt would go on
  unsigned attempts = 0;    ///< that were begun
  std::optional<Verdict> verdict;
  Owner holder;         ///< if running
  std::string problem;  ///< if unreadable: why
};

class ResultTree {
 public:
  /// Opens, and if `create` makes, the output directory. Throws
  /// std::system_error.
  ResultTree(const std::string& path, LeafRules rules, bool create);

  const std::string& path() const { return path_; }  ///< absolute
  /// Descriptor of the output directory; -1 if it does not exist.
  int fd() const { return fd_.get(); }
  std::string leaf_path(const std::string& leaf) const;
  const LeafRules& rules() const { return files_.rules(); }
  /// The name of the verdict in each leaf.
  const std::string& verdict_file() const {
    return files_.rules().verdict_file;
  }

  /// Whether what was met in one leaf would be met in all that come after it:
  /// one leaf's permissions, or its own disk, are no reason to stop the others.
  bool concerns_all(const std::error_code& code) const;

  /// Leaves are named by their path below the tree: "group/name".
  /// They throw std::system_error.
  LeafState look(const std::string& leaf, const Leases& leases) const;
  /// The same of a leaf whose lease the caller has: never that it runs.
  LeafState look_held(const std::string& leaf) const;
  /// The verdict alone, which is all that decides whether a leaf is done.
  /// Throws UnreadableVerdict.
  std::optional<Verdict> verdict(const std::string& leaf) const;
  /// The same; nothing if it cannot be read, which is told of when the turn of
  /// its leaf to run comes.
  std::optional<Verdict> readable_verdict(const std::string& leaf) const {
    return fd_ ? files_.readable_verdict(fd(), leaf) : std::nullopt;
  }

  using Claim = LeafClaim;
  /// See claim_leaf().
  Claim claim(const std::string& leaf, Leases& leases,
              const ClaimRules& rules = {});
  /// Removes what an attempt has replaced that is ok now, as far as it can. The
  /// caller has the lease.
  void end_replaced(const std::string& leaf) noexcept;
  /// An attempt that --force replaces, as long as there is nothing new.
  struct Replaced {
    std::string folder;  ///< "group/name/.eh/attempts/1"
    Verdict verdict;
  };
  /// The newest one that a leaf keeps. Throws std::system_error.
  std::optional<Replaced> replaced(const std::string& leaf) const;

  /// Whether a done leaf has what a kill leaves: a lease, results that its
  /// verdict has, torn files. Throws std::system_error.
  bool is_untidy(const std::string& leaf) const;
  /// Removes that, unless somebody works on the leaf or it is not done. Throws
  /// std::system_error.
  void tidy(const std::string& leaf, Leases& leases);

  /// Gives the lease back and removes folders that hold nothing.
  void leave(const std::string& leaf, Leases& leases);

  /// Deletes all that a leaf holds, whose lease the caller has. Returns the
  /// number of files. Throws std::system_error.
  std::size_t clear(const std::string& leaf);

  /// Marks an attempt as one that is over, for who made it and may still write:
  /// see Leases::lost(). Throws std::system_error.
  void keep_out(const std::string& leaf, unsigned attempt);

  /// Writes a verdict (a JSON object). Throws std::system_error.
  void write_verdict(const std::string& leaf, const std::string& text);

 private:
  bool is_writable() const;
  LeafState look(const std::string& leaf, const Leases* leases) const;
  std::string path_;
  Fd fd_;
  LeafFiles files_;
};

}  // namespace eh::host
