#include "catalog/name_heads.h"

#include <algorithm>
#include <string>

namespace eh::host {

NameHeads::NameHeads(const Family& family,
                     const std::function<bool(std::string_view)>& may_begin)
    : family_(family) {
  std::string head;
  for (const auto& piece : family.pieces()) {
    if (!piece.axis) {
      head += piece.literal;
      continue;
    }
    axis_ = *piece.axis;
    const Axis& axis = family.axes[axis_];
    // To make a name costs less than to look at its beginning.
    constexpr std::uint64_t worth_it = 16;
    if (family.size() / worth_it < axis.size()) return;
    values_.resize(axis.size());
    if (!family.kept)
      for (auto a = axis_ + 1; a < family.axes.size(); ++a)
        in_a_row_ *= family.axes[a].size();
    for (std::uint64_t value = 0; value < axis.size(); ++value) {
      auto text = head;
      axis.append_label(value, text);
      // A character may go on in the next piece.
      const bool is_plain =
          std::none_of(text.begin(), text.end(), [](char c) { return c < 0; });
      values_[value] = !is_plain || may_begin(text);
    }
    return;
  }
}

std::uint64_t NameHeads::next(std::uint64_t i) {
  if (values_.empty() || i < good_until_) return i;
  for (; i < family_.size(); i = good_until_) {
    good_until_ = (i / in_a_row_ + 1) * in_a_row_;
    if (values_[family_.axis_value(i, axis_)]) return i;
  }
  return family_.size();
}

}  // namespace eh::host
