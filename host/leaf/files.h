// What the entries of a leaf are: an attempt's own, the framework's, or both;
// which of them a next attempt goes on from.
#pragma once

#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "base/glob.h"
#include "contract/child.h"
#include "leaf/verdict.h"

namespace eh::host {

struct LeafRules {
  /// Of files and folders at any depth, by their names or their paths.
  std::vector<std::string> checkpoint_patterns{"*checkpoint*"};
  /// The metadata file of the Python original, read where there is no verdict.
  std::string original_metadata = "experiment_helpers_metadata.json";
  /// A plain file name; may be that of the original.
  std::string verdict_file = contract::verdict_file;
};

/// A verdict is there that cannot be read, which is about its leaf alone.
struct UnreadableVerdict : std::system_error {
  explicit UnreadableVerdict(const std::system_error& error)
      : std::system_error(error) {}
};

/// A file that a process was killed in the middle of writing: ".NAME" with a
/// mark.
bool is_torn(const std::string& entry);
/// What an attempt itself left, although not by a name of its own.
bool is_left_by_attempt(const std::string& entry);
/// What nobody needs any more in a leaf that is done, and only a kill leaves.
bool is_left_by_kill(const std::string& entry);
/// A lease, or what is beside one while it is taken over.
bool is_lease(const std::string& entry);

class LeafFiles {
 public:
  explicit LeafFiles(LeafRules rules);

  const LeafRules& rules() const { return rules_; }
  /// Files of an attempt that a continued one does not go on with.
  bool is_record(const std::string& entry) const;

  // Of the folder of a leaf, by its path below `tree`. They throw
  // std::system_error.

  /// What its verdict says, or the original's metadata. Throws
  /// UnreadableVerdict.
  std::optional<Verdict> verdict(int tree, const std::string& folder) const;
  /// The same; nothing where it cannot be read.
  std::optional<Verdict> readable_verdict(int tree,
                                          const std::string& folder) const;
  /// Whether it holds a checkpoint. What stands at its top is looked at first,
  /// and no more than is needed.
  bool has_checkpoint(int tree, const std::string& folder) const;
  /// Another experiment's leaf below a leaf would be moved or deleted with it.
  /// No catalog has both, but the results of an earlier one may be there.
  void refuse_nested(int tree, const std::string& folder) const;

 private:
  bool is_checkpoint(const std::string& above, const std::string& name) const;

  LeafRules rules_;
  std::vector<Glob> checkpoints_;
};

/// Removes torn files in the folders of a leaf that is gone on with: they would
/// be ever more. Throws std::system_error.
void remove_torn(int tree, const std::string& folder);

}  // namespace eh::host
