// What was done, in one file for a whole output tree: it makes "what is left
// to do?" fast where there are many leaves. It is never the truth. An entry
// counts only while the leaf's folder has not changed since it was made, which
// deleting or replacing a verdict does; everything else is looked at. The file
// can be deleted at any time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "file.h"

namespace eh::host {

inline constexpr char journal_path[] = ".eh/journal.jsonl";

class Journal {
 public:
  /// Appends; `tree` is the output directory's descriptor. Does nothing where
  /// the file cannot be written.
  explicit Journal(int tree) : tree_(tree) {}
  /// Notes that `leaf` is done, as its folder stands now.
  void done(const std::string& leaf);

 private:
  int tree_;
  Fd file_;
};

/// The entries of a journal: which leaves were done, and when their folders
/// had changed last.
class DoneIndex {
 public:
  explicit DoneIndex(int tree);
  /// Whether `leaf` is known to be done and its folder is unchanged.
  bool contains(std::string_view leaf) const;
  std::size_t size() const { return entries_.size(); }

 private:
  int tree_;
  std::string text_;
  std::unordered_map<std::string_view, std::int64_t> entries_;
};

}  // namespace eh::host
