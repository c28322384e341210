#include "json/cursor.h"

#include "base/text.h"
#include "base/utf8.h"
#include "json/hints.h"
#include "json/write.h"

namespace eh::host {
namespace {

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

bool ends_word(std::string_view text) {
  constexpr std::string_view ends = ",:[]{}\"#\x7F";
  return static_cast<unsigned char>(text[0]) <= ' ' ||
         ends.find(text[0]) != ends.npos || text.starts_with("//") ||
         text.starts_with("/*");
}

}  // namespace

JsonCursor::JsonCursor(std::string_view text) : text_(text) {
  if (text_.starts_with(byte_order_mark))
    text_.remove_prefix(byte_order_mark.size());
  check_utf8();
}

void JsonCursor::check_utf8() const {
  for (JsonCursor in = *this; !in.at_end();) {
    const auto length = utf8_length(in.rest());
    if (length == 0)
      throw JsonError(in.place(), "this is not UTF-8 (save the text as UTF-8)");
    in.step(length);
  }
}

void JsonCursor::step(std::size_t bytes) {
  for (; bytes > 0; --bytes) {
    const char c = text_[at_++];
    if (c == '\n') {
      ++place_.line;
      place_.column = 1;
    } else if (!is_continuation(c)) {
      ++place_.column;
    }
  }
}

bool JsonCursor::accept(char c) {
  if (!sees(c)) return false;
  step();
  return true;
}

void JsonCursor::skip_space() {
  for (;;) {
    const char c = peek();
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
      step();
    else if (sees("//"))
      while (!at_end() && !sees('\n')) step();
    else if (sees("/*"))
      skip_block_comment();
    else if (c == '/' || c == '#')
      throw JsonError(place_, "a comment begins with // or /*, found '" +
                                  std::string(1, c) + "'");
    else
      return;
  }
}

void JsonCursor::skip_block_comment() {
  const auto opened = place_;
  step(2);
  while (!sees("*/")) {
    if (at_end())
      throw JsonError(opened, "this comment is not closed (*/ is missing)");
    step();
  }
  step(2);
}

std::string_view JsonCursor::word() const {
  const auto text = rest();
  std::size_t end = 0;
  while (end < text.size() && !ends_word(text.substr(end))) ++end;
  return text.substr(0, end);
}

std::string JsonCursor::read_string() {
  const auto opened = place_;
  step();
  std::string out;
  while (!sees('"')) {
    const char c = peek();
    if (at_end() || sees_line_end())
      throw JsonError(opened,
                      "this string is not closed (a '\"' is missing in this"
                      " line; a line end is written \\n)");
    if (c == '\\') {
      read_escape(out);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      const auto escaped = json_string({&c, 1});
      throw JsonError(place_,
                      "this control character has to be escaped (write " +
                          escaped.substr(1, escaped.size() - 2) + ")");
    } else {
      out += c;
      step();
    }
  }
  step();
  return out;
}

void JsonCursor::read_escape(std::string& out) {
  static constexpr std::string_view escapes = "\"\\/bfnrt";
  static constexpr std::string_view characters = "\"\\/\b\f\n\r\t";
  const auto place = place_;
  const auto escape = rest();
  step();
  if (at_end() || sees_line_end()) return;  // the string is not closed
  if (const auto i = escapes.find(peek()); i != escapes.npos) {
    out += characters[i];
    step();
    return;
  }
  if (!sees('u')) {
    const auto character = rest().substr(0, utf8_length(rest()));
    throw JsonError(place,
                    quoted_briefly("\\" + std::string(character)) +
                        " is not an escape (write \\\\ for a backslash)");
  }
  switch (escape_fault(escape)) {
    case EscapeFault::no_digits:
      throw JsonError(place, "expected four hexadecimal digits after \\u");
    case EscapeFault::half_character:
      throw JsonError(place,
                      "this is half a character (a \\ud800 to \\udbff and a"
                      " \\udc00 to \\udfff make a whole one)");
    case EscapeFault::none:
      break;
  }
  const auto unicode = *unicode_escape(escape);
  append_utf8(out, unicode.code);
  step(unicode.length - 1);
}

}  // namespace eh::host
