// Most patterns are decided by the beginning of a name: of a sweep of a million
// of which some thousand are chosen, the other names need not be made.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"

namespace eh::host {

/// Which names of a family may match, as far as their beginnings tell: up to
/// the first axis in them.
class NameHeads {
 public:
  /// `may_begin(head)` says whether a name that begins so may match.
  NameHeads(const Family& family,
            const std::function<bool(std::string_view)>& may_begin);
  /// The first point from `i` on whose name may match, or the family's size.
  /// To be called with points that ascend.
  std::uint64_t next(std::uint64_t i);

 private:
  const Family& family_;
  std::size_t axis_ = 0;
  std::vector<char> values_;    // of the axis; empty: all of them
  std::uint64_t in_a_row_ = 1;  // points that have the same value
  std::uint64_t good_until_ = 0;
};

}  // namespace eh::host
