// Small helpers for text: crossing the boundary, escaping for JSON, labels
// that are safe in names, and guesses at what a misspelt name was meant to be.
#ifndef EH_DETAIL_TEXT_HPP
#define EH_DETAIL_TEXT_HPP

#include <eh/abi.h>

#include <algorithm>
#include <cstddef>
#include <eh/detail/config.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace eh EH_HIDDEN {
namespace detail {

inline eh_text to_text(std::string_view text) {
  return {text.data(), text.size()};
}

inline std::string_view from_text(eh_text text) {
  return text.data ? std::string_view(text.data, text.size)
                   : std::string_view();
}

/// Whether a byte may stand in an experiment's name as it is.
constexpr bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view("._+=,@%:~-").find(c) != std::string_view::npos;
}

/// The length of the valid UTF-8 sequence at the start of `text`, 0 if none.
inline std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return static_cast<unsigned char>(text[i]);
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4) return 0;
  const std::size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  const bool overlong =
      (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
  const bool surrogate = first == 0xED && byte(1) > 0x9F;
  const bool beyond = first == 0xF4 && byte(1) > 0x8F;
  return overlong || surrogate || beyond ? 0 : length;
}

/// Appends `text` as a JSON string. A byte that is not UTF-8 becomes U+FFFD.
EH_CODE void append_json_text(std::string& out, std::string_view text);

/// A text as it stands in a name. What would make no folder of its own
/// ("", "." and "..") becomes underscores.
EH_CODE std::string text_label(std::string_view text);

/// How many letters to insert, remove or replace to get from one to the other.
EH_CODE std::size_t edit_distance(std::string_view a, std::string_view b);

/// " (did you mean 'load'?)", or the known names, or nothing.
EH_CODE std::string did_you_mean(std::string_view wrong,
                                 std::span<const std::string_view> known);

}  // namespace detail
}  // namespace EH_HIDDEN

#if EH_DETAIL_CODE_HERE
#include <eh/detail/code/text.hpp>
#endif

#endif  // EH_DETAIL_TEXT_HPP
