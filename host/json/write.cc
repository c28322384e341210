#include "json/write.h"

#include <charconv>
#include <cmath>

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

namespace {

template <class Integer>
void append_integer(std::string& out, Integer value) {
  char digits[24];
  auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, end);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  static constexpr char hex[] = "0123456789abcdef";
  out += '"';
  while (!text.empty()) {
    const char c = text[0];
    std::size_t length = 1;
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      out += "\\u00";
      out += hex[(c >> 4) & 15];
      out += hex[c & 15];
    } else if ((length = utf8_length(text)) == 0) {
      out += "\\ufffd";
      length = 1;
    } else {
      out.append(text.substr(0, length));
    }
    text.remove_prefix(length);
  }
  out += '"';
}

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

void append_json_number(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  char digits[32];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

std::string& JsonObject::key(std::string_view key) {
  if (!members_.empty()) members_ += ',';
  append_json_string(members_, key);
  members_ += ':';
  return members_;
}

JsonObject& JsonObject::text(std::string_view k, std::string_view value) {
  append_json_string(key(k), value);
  return *this;
}

JsonObject& JsonObject::number(std::string_view k, double value) {
  append_json_number(key(k), value);
  return *this;
}

JsonObject& JsonObject::integer(std::string_view k, std::int64_t value) {
  append_integer(key(k), value);
  return *this;
}

JsonObject& JsonObject::natural(std::string_view k, std::uint64_t value) {
  append_integer(key(k), value);
  return *this;
}

JsonObject& JsonObject::boolean(std::string_view k, bool value) {
  key(k) += value ? "true" : "false";
  return *this;
}

JsonObject& JsonObject::raw(std::string_view k, std::string_view json) {
  key(k) += json;
  return *this;
}

JsonObject& JsonObject::members(std::string_view members) {
  if (members.empty()) return *this;
  if (!members_.empty()) members_ += ',';
  members_ += members;
  return *this;
}

}  // namespace eh::host
