// How a state in a file differs from the one that is wanted, told from their
// types as checkpoints name them: "Learner{step: int, best: std::map<...>}".
#ifndef EH_DETAIL_CODE_STATE_DIFFERENCE_HPP
#define EH_DETAIL_CODE_STATE_DIFFERENCE_HPP

#include <cstddef>
#include <eh/detail/config.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace eh EH_HIDDEN {
namespace detail {

/// Splits at what is in no brackets: "a, b<c, d>" at the first comma.
inline std::vector<std::string_view> split_types(std::string_view text) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '<' || c == '{' || c == '(') ++depth;
    if (c == '>' || c == '}' || c == ')') --depth;
    if (depth > 0 || text.substr(i, 2) != ", ") continue;
    parts.push_back(text.substr(begin, i - begin));
    begin = i + 2;
  }
  parts.push_back(text.substr(begin));
  return parts;
}

/// A type's name and what is in its last brackets.
struct StateShape {
  std::string_view name, inside, tail;
  char open = 0;
};

inline StateShape state_shape(std::string_view type) {
  const std::size_t end = type.find_last_of(">})");
  if (end == type.npos || type[end] == ')') return {type, {}, {}, 0};
  int depth = 0;
  for (std::size_t i = end + 1; i-- > 0;) {
    const char c = type[i];
    if (c == '>' || c == '}' || c == ')') ++depth;
    if (c == '<' || c == '{' || c == '(') --depth;
    if (depth == 0)
      return {type.substr(0, i), type.substr(i + 1, end - i - 1),
              type.substr(end + 1), c};
  }
  return {type, {}, {}, 0};
}

inline std::string_view member_name(std::string_view member) {
  return member.substr(0, member.find(": "));
}

inline std::string_view member_type(std::string_view member) {
  const std::size_t at = member.find(": ");
  return at == member.npos ? std::string_view() : member.substr(at + 2);
}

inline const std::string_view* find_member(
    const std::vector<std::string_view>& members, std::string_view name) {
  for (const std::string_view& member : members)
    if (member_name(member) == name) return &member;
  return nullptr;
}

/// One sentence for each difference, joined by commas; empty if there is none.
class StateDifferences {
 public:
  StateDifferences(std::string_view was, std::string_view is) {
    compare(was, is, "");
  }
  const std::string& text() const { return text_; }

 private:
  void tell(const std::string& difference) {
    if (!text_.empty()) text_ += ", ";
    text_ += difference;
  }

  void compare(std::string_view was, std::string_view is,
               const std::string& path) {
    if (was == is) return;
    const StateShape old = state_shape(was), now = state_shape(is);
    if (old.open != 0 && old.open == now.open && old.name == now.name &&
        old.tail == now.tail) {
      const auto before = split_types(old.inside);
      const auto after = split_types(now.inside);
      if (now.open == '{')
        return compare_members(before, after, path.empty() ? "" : path + ".");
      if (before.size() == after.size()) {
        for (std::size_t i = 0; i < before.size(); ++i)
          compare(before[i], after[i], path + "[]");
        return;
      }
    }
    tell((path.empty() ? "it" : "'" + path + "'") + " was " + std::string(was) +
         " and is " + std::string(is));
  }

  void compare_members(const std::vector<std::string_view>& before,
                       const std::vector<std::string_view>& after,
                       const std::string& prefix) {
    const std::size_t told = text_.size();
    for (const std::string_view member : after) {
      const std::string path = prefix + std::string(member_name(member));
      const auto* old = find_member(before, member_name(member));
      if (old)
        compare(member_type(*old), member_type(member), path);
      else
        tell("'" + path + "' is new");
    }
    for (const std::string_view member : before)
      if (!find_member(after, member_name(member)))
        tell("'" + prefix + std::string(member_name(member)) + "' is gone");
    if (text_.size() == told) tell("its members are in another order");
  }

  std::string text_;
};

/// Of two states with their versions, "State{step: int}, version 2".
inline std::string tell_state_difference(std::string_view was,
                                         std::string_view is) {
  const std::string_view old_type = split_types(was)[0];
  const std::string_view new_type = split_types(is)[0];
  if (old_type != new_type) {
    const StateShape old = state_shape(old_type), now = state_shape(new_type);
    if (old.open == 0 || old.name != now.name)
      return "it holds " + std::string(old_type) + " and not " +
             std::string(new_type);
    return "the type of the state has changed: " +
           StateDifferences(old_type, new_type).text();
  }
  const auto version = [&](std::string_view state) {
    state.remove_prefix(old_type.size());
    return state.empty() ? std::string("no version")
                         : std::string(state.substr(2));
  };
  return "its state is of " + version(was) + " and not of " + version(is);
}

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_CODE_STATE_DIFFERENCE_HPP
