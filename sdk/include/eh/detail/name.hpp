// The template of an experiment's name: text in which "{load}" stands for a
// parameter. The same checks run in the compiler, where the name is a literal,
// and when a plugin is described.
#ifndef EH_DETAIL_NAME_HPP
#define EH_DETAIL_NAME_HPP

#include <algorithm>
#include <eh/detail/config.hpp>
#include <eh/detail/text.hpp>
#include <span>
#include <string>
#include <string_view>

namespace eh EH_HIDDEN {
namespace detail {

enum class NameFault { none, braces, unknown };

struct NameCheck {
  NameFault fault = NameFault::none;
  std::string_view where;  // the placeholder in question
};

/// A piece of a name: literal text, or a placeholder's name.
struct NamePiece {
  std::string_view text;
  bool placeholder = false;
  bool broken = false;  // a brace that stands alone
};

/// Takes the first piece off the front of a name that is not empty.
constexpr NamePiece take_piece(std::string_view& name) {
  const auto take = [&](std::size_t skip, std::size_t size, std::size_t all) {
    const std::string_view piece = name.substr(skip, size);
    name.remove_prefix(all);
    return piece;
  };
  const std::size_t brace = std::min(name.find_first_of("{}"), name.size());
  if (brace > 0) return {take(0, brace, brace)};
  if (name.size() > 1 && name[0] == name[1]) return {take(0, 1, 2)};
  const std::size_t close = name.find_first_of("{}", 1);
  if (name[0] == '}' || close == std::string_view::npos || name[close] == '{')
    return {take(0, name.size(), name.size()), false, true};
  return {take(1, close - 1, close + 1), true};
}

/// Looks for the first placeholder that is wrong. Whether the name can be a
/// folder is for the host to say, which sees all names together.
constexpr NameCheck check_name(std::string_view name,
                               std::span<const std::string_view> parameters) {
  for (std::string_view rest = name; !rest.empty();) {
    const NamePiece piece = take_piece(rest);
    if (piece.broken) return {NameFault::braces, piece.text};
    if (piece.placeholder) {
      bool known = false;
      for (const std::string_view parameter : parameters)
        known = known || parameter == piece.text;
      if (!known) return {NameFault::unknown, piece.text};
    }
  }
  return {};
}

constexpr bool has_placeholder(std::string_view name,
                               std::string_view parameter) {
  while (!name.empty()) {
    const NamePiece piece = take_piece(name);
    if (piece.placeholder && piece.text == parameter) return true;
  }
  return false;
}

/// A sentence about a fault; empty if there is none.
EH_CODE std::string explain(const NameCheck& check, std::string_view name,
                            std::span<const std::string_view> parameters);

}  // namespace detail
}  // namespace EH_HIDDEN

#if EH_DETAIL_CODE_HERE
#include <eh/detail/code/name.hpp>
#endif

#endif  // EH_DETAIL_NAME_HPP
