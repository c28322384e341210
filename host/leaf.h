// The life of result leaves: what they say, how one is claimed for an attempt,
// and how it is left.
//
// A leaf is claimed by its lease. What an earlier attempt left there is moved
// into .eh/attempts/N/, so that a new one starts clean; only a leaf that holds
// a checkpoint goes on where it is. Nothing is deleted, except by --force.
//
// Where the owner of that attempt was on another machine and only seems dead,
// its whole folder becomes .eh/attempts/N/ and the leaf gets a new one: should
// its processes still run, they write into what is theirs.
#pragma once

#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "child_contract.h"
#include "file.h"
#include "glob.h"
#include "lease.h"
#include "verdict.h"

namespace eh::host {

struct LeafRules {
  std::vector<std::string> checkpoint_patterns{"*checkpoint*"};
  /// The metadata file of the Python original, read where there is no verdict.
  std::string original_metadata = "experiment_helpers_metadata.json";
  /// A plain file name; may be that of the original.
  std::string verdict_file = contract::verdict_file;
};

/// What a leaf says.
struct LeafState {
  enum Kind {
    fresh,       ///< nothing there
    done,        ///< the verdict says ok
    failed,      ///< it says failed, crashed, timeout or out_of_memory
    unfinished,  ///< begun, without a verdict or cancelled or stopped
    running,     ///< a live process holds its lease
  } kind = fresh;
  bool checkpoint = false;  ///< a next attempt would go on
  unsigned attempts = 0;    ///< that were begun
  std::optional<Verdict> verdict;
  Owner holder;  ///< if running
};

/// A verdict is there that cannot be read, which is about its leaf alone.
struct UnreadableVerdict : std::system_error {
  explicit UnreadableVerdict(const std::system_error& error)
      : std::system_error(error) {}
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
  const LeafRules& rules() const { return rules_; }
  /// The name of the verdict in each leaf.
  const std::string& verdict_file() const { return rules_.verdict_file; }

  /// Leaves are named by their path below the tree: "group/name".
  LeafState look(const std::string& leaf, const Leases& leases) const;
  /// The same of a leaf whose lease the caller has: never that it runs.
  LeafState look_held(const std::string& leaf) const;
  /// The verdict alone, which is all that decides whether a leaf is done.
  /// Throws UnreadableVerdict.
  std::optional<Verdict> verdict(const std::string& leaf) const;

  struct Claim {
    enum Kind {
      claimed,
      done,
      busy,     ///< another host has it
      settled,  ///< another host ran it and it failed, since `since`
    } kind = busy;
    unsigned attempt = 1;
    bool resumes = false;            ///< from a checkpoint
    Owner holder;                    ///< if busy
    std::optional<Verdict> verdict;  ///< if settled
  };
  /// Takes the lease and prepares the leaf for a new attempt, unless it is
  /// done or somebody else's. What failed at or after `since` (a time as in
  /// verdicts; "": never mind) had its turn. Throws std::system_error.
  Claim claim(const std::string& leaf, Leases& leases,
              const std::string& since = {});

  /// Gives the lease back and removes folders that hold nothing.
  void leave(const std::string& leaf, Leases& leases);

  /// Deletes all that a leaf holds, whose lease the caller has. Returns the
  /// number of files. Throws std::system_error.
  std::size_t clear(const std::string& leaf);

  /// Marks an attempt as one that is over, for who made it and may still write:
  /// see Leases::lost(). Throws std::system_error.
  void keep_out(const std::string& leaf, unsigned attempt);

  /// Writes a verdict (a JSON object). Throws std::system_error.
  void write_verdict(const std::string& leaf, const std::string& json);

 private:
  LeafState look(const std::string& leaf, const Leases* leases) const;
  bool is_checkpoint(const std::string& name) const;
  bool is_record(const std::string& entry) const;
  void refuse_nested(const std::string& folder, const std::string& leaf) const;
  unsigned attempts_kept(const std::string& leaf) const;
  void keep_attempt(const std::string& leaf, unsigned number,
                    const std::vector<std::string>& entries);
  void fence_off(const std::string& leaf, unsigned number,
                 const std::string& owner);
  void copy_checkpoint(const std::string& leaf, unsigned number);

  std::string path_;
  Fd fd_;
  LeafRules rules_;
  std::vector<Glob> checkpoints_;
};

/// Entries of a leaf that are the framework's own and say nothing about it.
bool is_reserved(const std::string& entry);

}  // namespace eh::host
