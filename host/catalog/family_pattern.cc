#include "catalog/family_pattern.h"

#include "base/glob.h"
#include "base/text.h"

namespace eh::host {
namespace {

// Whether the labels are integers that count up by one.
bool counts(const Axis& axis) {
  if (axis.size() < 2) return false;
  if (axis.is_range()) return axis.step == 1 && axis.first >= 0;
  const auto first = parse_number<std::uint64_t>(axis.label(0));
  if (!first) return false;
  for (std::uint64_t i = 1; i < axis.size(); ++i)
    if (axis.label(i) != std::to_string(*first + i)) return false;
  return true;
}

// Whether its labels are too many for a line.
bool is_long(const Axis& axis) {
  return axis.size() > 10;
}

std::string listed(const Axis& axis) {
  std::string out;
  for (std::uint64_t i = 0; i < axis.size(); ++i)
    out += (i ? "," : "") + glob_quoted_in_braces(axis.label(i));
  return out;
}

}  // namespace

std::string family_pattern(const Family& family) {
  std::string out;
  for (const auto& piece : family.pieces()) {
    if (!piece.axis) {
      out += glob_quoted(piece.literal);
      continue;
    }
    const Axis& axis = family.axes[*piece.axis];
    if (axis.size() == 1)
      out += glob_quoted(axis.label(0));
    else if (counts(axis))
      out += '{' + axis.label(0) + ".." + axis.label(axis.size() - 1) + '}';
    else
      out += is_long(axis) ? "*" : '{' + listed(axis) + '}';
  }
  return out;
}

std::string long_axes_text(const Family& family) {
  std::string out;
  for (const auto& piece : family.pieces()) {
    if (!piece.axis) continue;
    const Axis& axis = family.axes[*piece.axis];
    if (counts(axis) || !is_long(axis)) continue;
    out += (out.empty() ? "" : " ") + family.parameters[axis.parameter].name +
           '=' + axis.label(0) + ',' + axis.label(1) + ",...," +
           axis.label(axis.size() - 1);
  }
  return out;
}

}  // namespace eh::host
