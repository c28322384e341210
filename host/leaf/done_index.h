// What is known to be done, in one file for a whole output tree: with it, "what
// is left to do?" costs one fstatat() for each leaf that is done. It is never
// the truth, which the verdicts are, and can be deleted at any time.
//
// An entry is about one file: that of a verdict that was read, with its inode,
// size and time of change. It counts while that is what the leaf has, and only
// since this machine was started and the file system mounted: what was there
// before may have been lost with the power. Anything else is read again.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "leaf/leaf.h"
#include "os/file.h"

namespace eh::host {

inline constexpr char index_path[] = ".eh/journal.jsonl";

/// How a done experiment compares with what would run now.
struct Compared {
  std::uint64_t with = 0;  ///< Staleness::fingerprint() of that
  bool stale = false;
};

/// The file of a verdict at one instant.
struct VerdictMark {
  enum Kind {
    missing,
    unknown,  ///< it is to be read, and not to be remembered
    known,
  } kind = unknown;
  std::uint64_t id = 0;
  timespec changed = {};
};

/// The id of the time since this machine was started; "" if it has none.
std::string boot_id();

class DoneIndex {
 public:
  /// `tree` has to be there and to outlive this. Without a `boot` nothing is
  /// known, nor remembered.
  explicit DoneIndex(const ResultTree& tree,
                     const std::string& boot = boot_id());

  /// Reads the entries, unless that is more work than to read the verdicts of
  /// so many leaves. Tidies the file up if it has grown a lot.
  void load(std::size_t leaves);
  std::size_t size() const { return entries_.size(); }

  // For any thread:
  VerdictMark mark(std::string_view leaf) const;
  /// What is known of a leaf that is done, if anything is.
  std::optional<Compared> find(std::string_view leaf,
                               const VerdictMark& mark) const;
  /// The entry of a leaf whose verdict says ok and was read after its `mark`
  /// was taken; "" if it cannot have one. open() comes before both.
  std::string entry(std::string_view leaf, const VerdictMark& mark,
                    const Compared& compared) const;

  /// To be called before marks are taken whose entries are to be added; again
  /// after a while. False if entries cannot be written.
  bool open();
  /// Appends whole entries. That it cannot is no problem.
  void append(std::string_view entries);

 private:
  Fd open_own(int flags);
  void read_entries();
  void tidy_up();

  const ResultTree& tree_;
  std::string session_;     // hexadecimal; "": nothing is known
  dev_t device_ = 0;        // of the tree
  std::string name_;        // of the file, in .eh
  std::string text_;        // its content
  std::size_t tidied_ = 0;  // bytes, when it was tidied up last
  std::unordered_map<std::string_view, std::pair<std::uint64_t, Compared>>
      entries_;
  Fd file_;         // to append to
  timespec now_{};  // by the clock of the file system
};

}  // namespace eh::host
