#include "base/utf8.h"

#include <charconv>

namespace eh::host {

// Follows the table of well-formed sequences of the Unicode standard (3.9,
// D92).
std::size_t utf8_length(std::string_view s) {
  auto byte = [&](std::size_t i) {
    return i < s.size() ? static_cast<unsigned char>(s[i]) : 0u;
  };
  auto in = [&](std::size_t i, unsigned low, unsigned high) {
    return byte(i) >= low && byte(i) <= high;
  };
  const unsigned b = byte(0);
  if (b < 0x80) return 1;
  if (b >= 0xC2 && b <= 0xDF) return in(1, 0x80, 0xBF) ? 2 : 0;
  if (b >= 0xE0 && b <= 0xEF) {
    const unsigned low = b == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = b == 0xED ? 0x9F : 0xBF;
    return in(1, low, high) && in(2, 0x80, 0xBF) ? 3 : 0;
  }
  if (b >= 0xF0 && b <= 0xF4) {
    const unsigned low = b == 0xF0 ? 0x90 : 0x80;
    const unsigned high = b == 0xF4 ? 0x8F : 0xBF;
    return in(1, low, high) && in(2, 0x80, 0xBF) && in(3, 0x80, 0xBF) ? 4 : 0;
  }
  return 0;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool is_character(std::uint32_t code) {
  return code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
}

void append_utf8(std::string& out, std::uint32_t code) {
  const int more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  constexpr unsigned firsts[] = {0, 0xC0, 0xE0, 0xF0};
  out += static_cast<char>(firsts[more] | code >> (6 * more));
  for (int i = more - 1; i >= 0; --i)
    out += static_cast<char>(0x80 | (code >> (6 * i) & 0x3F));
}

namespace {

// The digits of the escape at the start of `text`.
std::optional<std::uint32_t> escaped_unit(std::string_view text) {
  if (text.size() < 6 || !text.starts_with("\\u")) return {};
  std::uint32_t unit = 0;
  const auto begin = text.data() + 2, end = begin + 4;
  if (std::from_chars(begin, end, unit, 16).ptr != end) return {};
  return unit;
}

}  // namespace

std::optional<UnicodeEscape> unicode_escape(std::string_view text) {
  const auto unit = escaped_unit(text);
  if (!unit) return {};
  if (*unit >= 0xD800 && *unit < 0xDC00)
    if (const auto low = escaped_unit(text.substr(6));
        low && *low >= 0xDC00 && *low <= 0xDFFF)
      return UnicodeEscape{0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00),
                           12};
  return UnicodeEscape{*unit, 6};
}

EscapeFault escape_fault(std::string_view text) {
  const auto escape = unicode_escape(text);
  if (!escape) return EscapeFault::no_digits;
  if (is_character(escape->code)) return EscapeFault::none;
  const auto next = text.substr(escape->length);
  return escape->code < 0xDC00 && next.starts_with("\\u") &&
                 !unicode_escape(next)
             ? EscapeFault::no_digits
             : EscapeFault::half_character;
}

}  // namespace eh::host
