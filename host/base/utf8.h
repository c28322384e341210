// Characters as UTF-8, and as the escapes that JSON and others write them with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace eh::host {

/// Bytes of the character at the start of `text`; 0 if it is not UTF-8.
std::size_t utf8_length(std::string_view text);
bool is_utf8(std::string_view text);

/// Whether it is that of a character, and no half of one of UTF-16.
bool is_character(std::uint32_t code);
/// Appends a character as UTF-8.
void append_utf8(std::string& out, std::uint32_t code);

struct UnicodeEscape {
  std::uint32_t code;
  std::size_t length;  ///< of its text
};
/// What an escape such as "\u00e9" at the start of `text` stands for, of a
/// character that takes two of them, both; nothing if it has no four digits.
/// Half a character has its own code, which is_character() knows.
std::optional<UnicodeEscape> unicode_escape(std::string_view text);
/// What is wrong with the escape "\u..." at the start of `text`.
enum class EscapeFault { none, no_digits, half_character };
EscapeFault escape_fault(std::string_view text);

}  // namespace eh::host
