// How far metrics and results belong to a checkpoint. Before a checkpoint gets
// its name, a note replaces the one of before, which says how many bytes of
// each file there are, for the new checkpoint and for the one that it replaces:
// whichever is there after a kill or an error finds its own. An attempt that
// goes on from it removes what is from later, which is to be reported again.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "child/leaf.h"
#include "child/log.h"
#include "child/metrics.h"

namespace eh::host::child {

class Kept {
 public:
  Kept(Leaf& leaf, Metrics& metrics, LineFile& results)
      : leaf_(leaf), metrics_(metrics), results_(results) {}

  /// Before a checkpoint with this content gets its name. Throws DataError if
  /// the note cannot be written, or a metric or a result could not: a
  /// checkpoint that is behind the loss would hide it.
  void note(std::string_view checkpoint);
  /// It has its name.
  void named();
  /// When an attempt reads the checkpoint of an earlier one. Throws DataError
  /// if it cannot be told what belongs to it, or some of that is lost.
  void go_back(std::string_view checkpoint);

 private:
  struct Entry {
    // The checkpoint.
    std::uint64_t size = 0;
    std::uint64_t sum = 0;
    bool is_any = false;  // whichever is there
    // What belongs to it, in bytes; results -1: it was not noted.
    std::int64_t metrics = 0;
    std::int64_t results = 0;
  };
  static Entry entry_of(std::string_view checkpoint);
  std::optional<std::vector<Entry>> read() const;

  Leaf& leaf_;
  Metrics& metrics_;
  LineFile& results_;
  std::vector<Entry> entries_;  // newest first
  bool is_read_ = false;
  bool is_own_ = false;  // the checkpoint is of this process
};

}  // namespace eh::host::child
