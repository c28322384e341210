// The code of json_reader.hpp.
#ifndef EH_DETAIL_CODE_JSON_READER_HPP
#define EH_DETAIL_CODE_JSON_READER_HPP

#include <eh/detail/json_reader.hpp>

namespace eh EH_HIDDEN {
namespace detail {

EH_CODE JsonReader::Kind JsonReader::peek() {
  const char c = skip_space();
  if (c == 'n') return Kind::null;
  if (c == 't' || c == 'f') return Kind::boolean;
  if (c == '-' || is_digit(c)) return Kind::number;
  if (c == '"') return Kind::text;
  if (c == '[') return Kind::array;
  if (c == '{') return Kind::object;
  syntax_error("expected a value");
}

EH_CODE void JsonReader::null() {
  require(Kind::null, "null");
  word("null");
}

EH_CODE bool JsonReader::boolean() {
  require(Kind::boolean, "true or false");
  const bool truth = text_[at_] == 't';
  word(truth ? "true" : "false");
  return truth;
}

EH_CODE std::string JsonReader::text(std::string_view what) {
  require(Kind::text, what);
  return quoted();
}

EH_CODE bool JsonReader::next_key(std::string& key) {
  if (!next('}')) return false;
  if (skip_space() != '"') syntax_error("expected a key in quotes");
  key = quoted();
  if (skip_space() != ':') syntax_error("expected ':'");
  ++at_;
  frames_.back().key = key;
  return true;
}

EH_CODE void JsonReader::finish() {
  if (skip_space() != '\0' || at_ < text_.size())
    syntax_error("expected nothing more");
}

EH_CODE void JsonReader::fail(const std::string& message) const {
  const std::string where = path();
  throw std::runtime_error(where.empty() ? message : where + ": " + message);
}

EH_CODE char JsonReader::skip_space() {
  at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
  return at_ < text_.size() ? text_[at_] : '\0';
}

EH_CODE void JsonReader::require(Kind kind, std::string_view what) {
  if (peek() != kind) fail("expected " + std::string(what));
}

EH_CODE void JsonReader::word(std::string_view expected) {
  if (text_.substr(at_, expected.size()) != expected)
    syntax_error("expected a value");
  at_ += expected.size();
}

EH_CODE void JsonReader::open(Kind kind, std::string_view what) {
  require(kind, what);
  if (frames_.size() == max_depth) syntax_error("nested too deeply");
  ++at_;
  frames_.push_back({kind == Kind::object ? '}' : ']', 0, {}});
}

EH_CODE bool JsonReader::next(char close) {
  Frame& frame = frames_.back();
  const char c = skip_space();
  if (c == close) {
    ++at_;
    frames_.pop_back();
    return false;
  }
  if (frame.count++ > 0) {
    if (c != ',')
      syntax_error(close == '}' ? "expected ',' or '}'"
                                : "expected ',' or ']'");
    ++at_;
  }
  return true;
}

EH_CODE void JsonReader::digits() {
  if (at_ >= text_.size() || !is_digit(text_[at_]))
    syntax_error("expected a digit");
  while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
}

EH_CODE std::string_view JsonReader::number(std::string_view what) {
  require(Kind::number, what);
  const std::size_t begin = at_;
  const auto is_at = [&](std::string_view any) {
    return at_ < text_.size() && any.find(text_[at_]) != std::string_view::npos;
  };
  if (is_at("-")) ++at_;
  if (is_at("0"))
    ++at_;
  else
    digits();
  if (is_at(".")) {
    ++at_;
    digits();
  }
  if (is_at("eE")) {
    ++at_;
    if (is_at("+-")) ++at_;
    digits();
  }
  if (is_at("0123456789.")) syntax_error("expected a number as JSON has it");
  return text_.substr(begin, at_ - begin);
}

EH_CODE void JsonReader::skip() {
  const std::size_t outside = frames_.size();
  std::string key;
  do {
    if (frames_.size() > outside &&
        !(frames_.back().close == '}' ? next_key(key) : next_element()))
      continue;
    switch (peek()) {
      case Kind::null:
        null();
        break;
      case Kind::boolean:
        boolean();
        break;
      case Kind::number:
        number();
        break;
      case Kind::text:
        quoted();
        break;
      case Kind::array:
        open_array();
        break;
      case Kind::object:
        open_object();
        break;
    }
  } while (frames_.size() > outside);
}

/// A string, from its first quote on.
EH_CODE std::string JsonReader::quoted() {
  std::string out;
  ++at_;
  while (true) {
    if (at_ >= text_.size()) syntax_error("expected '\"'");
    const char c = text_[at_];
    if (static_cast<unsigned char>(c) < 0x20)
      syntax_error("expected no control character in a text");
    if (c == '"') {
      ++at_;
      return out;
    }
    if (c == '\\') {
      escape(out);
      continue;
    }
    const std::size_t length = utf8_length(text_.substr(at_));
    if (length == 0) syntax_error("expected UTF-8");
    out += text_.substr(at_, length);
    at_ += length;
  }
}

EH_CODE void JsonReader::escape(std::string& out) {
  constexpr std::string_view letters = "\"\\/bfnrt", meant = "\"\\/\b\f\n\r\t";
  const char c = ++at_ < text_.size() ? text_[at_] : '\0';
  ++at_;
  if (c != 'u') {
    const std::size_t letter = letters.find(c);
    if (letter == std::string_view::npos) {
      --at_;
      syntax_error("expected an escape such as \\n");
    }
    out += meant[letter];
    return;
  }
  unsigned code = code_unit();
  if (code >= 0xD800 && code < 0xDC00 && text_.substr(at_, 2) == "\\u") {
    at_ += 2;
    const unsigned low = code_unit();
    if (low < 0xDC00 || low > 0xDFFF)
      syntax_error("expected the second half of a surrogate pair");
    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
  } else if (code >= 0xD800 && code < 0xE000) {
    syntax_error("expected both halves of a surrogate pair");
  }
  const auto add = [&](unsigned byte) { out += static_cast<char>(byte); };
  const auto rest = [&](unsigned shift) {
    add(0x80 | ((code >> shift) & 0x3F));
  };
  if (code < 0x80) return add(code);
  if (code < 0x800) return add(0xC0 | (code >> 6)), rest(0);
  if (code < 0x10000) return add(0xE0 | (code >> 12)), rest(6), rest(0);
  add(0xF0 | (code >> 18)), rest(12), rest(6), rest(0);
}

EH_CODE unsigned JsonReader::code_unit() {
  const std::string_view digits = text_.substr(std::min(at_, text_.size()), 4);
  unsigned code = 0;
  const auto result =
      std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
  if (digits.size() < 4 || result.ptr != digits.data() + 4)
    syntax_error("expected four hexadecimal digits");
  at_ += 4;
  return code;
}

/// Lines and columns count from 1; a column is a character.
EH_CODE void JsonReader::syntax_error(const std::string& message) const {
  std::size_t line = 1, column = 1;
  for (const char c : text_.substr(0, at_)) {
    if (c == '\n') {
      ++line;
      column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
      ++column;
    }
  }
  throw std::runtime_error("line " + std::to_string(line) + ", column " +
                           std::to_string(column) + ": " + message);
}

/// "model.layers[2]"; empty for the outermost value.
EH_CODE std::string JsonReader::path() const {
  std::string all;
  for (const Frame& frame : frames_) {
    if (frame.count == 0) break;
    if (frame.close == ']')
      all += '[' + std::to_string(frame.count - 1) + ']';
    else
      all += (all.empty() ? "" : ".") + frame.key;
  }
  return all;
}

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_CODE_JSON_READER_HPP
