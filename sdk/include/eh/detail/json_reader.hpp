// Reads JSON piece by piece, as RFC 8259 has it and nothing besides: the
// caller says what it expects, and nothing is kept but where it stands.
//
//   JsonReader reader(text);
//   reader.open_object();
//   for (std::string key; reader.next_key(key);)
//     if (key == "size") size = reader.integer<int>(); else reader.skip();
//   reader.finish();
//
// What is wrong is thrown as a std::runtime_error: with line and column if the
// text is not JSON ("line 1, column 7: expected ':'"), with the path of the
// value if it is of another type ("model.layers[2]: expected an integer").
// After that, the reader is of no use.
#ifndef EH_DETAIL_JSON_READER_HPP
#define EH_DETAIL_JSON_READER_HPP

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <eh/detail/config.hpp>
#include <eh/detail/text.hpp>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace eh EH_HIDDEN {
namespace detail {

class JsonReader {
 public:
  enum class Kind { null, boolean, number, text, array, object };
  static constexpr std::size_t max_depth = 100;

  /// `text` has to outlive this.
  explicit JsonReader(std::string_view text) : text_(text) {}

  /// What the next value is.
  Kind peek() {
    const char c = skip_space();
    if (c == 'n') return Kind::null;
    if (c == 't' || c == 'f') return Kind::boolean;
    if (c == '-' || is_digit(c)) return Kind::number;
    if (c == '"') return Kind::text;
    if (c == '[') return Kind::array;
    if (c == '{') return Kind::object;
    syntax_error("expected a value");
  }

  void null() {
    require(Kind::null, "null");
    word("null");
  }
  bool boolean() {
    require(Kind::boolean, "true or false");
    const bool truth = text_[at_] == 't';
    word(truth ? "true" : "false");
    return truth;
  }
  /// A number as it is written. `what` is expected where there is none.
  std::string_view number(std::string_view what = "a number");
  std::string text(std::string_view what = "a text") {
    require(Kind::text, what);
    return quoted();
  }

  /// A number that T holds exactly.
  template <class T>
  T integer() {
    const std::string_view digits = number("an integer");
    T value{};
    const char* end = digits.data() + digits.size();
    const auto result = std::from_chars(digits.data(), end, value);
    if (result.ec != std::errc() || result.ptr != end)
      fail("expected an integer from " +
           std::to_string(std::numeric_limits<T>::min()) + " to " +
           std::to_string(std::numeric_limits<T>::max()) + ", not " +
           std::string(digits));
    return value;
  }
  /// The T that is nearest to a number.
  template <class T>
  T real() {
    const std::string_view digits = number();
    T value{};
    const auto result =
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (result.ec != std::errc())
      fail("expected a number that fits, not " + std::string(digits));
    return value;
  }

  /// After this, each next_key() that is true is followed by a value.
  void open_object(std::string_view what = "an object") {
    open(Kind::object, what);
  }
  /// False at the object's end.
  bool next_key(std::string& key) {
    if (!next('}')) return false;
    if (skip_space() != '"') syntax_error("expected a key in quotes");
    key = quoted();
    if (skip_space() != ':') syntax_error("expected ':'");
    ++at_;
    frames_.back().key = key;
    return true;
  }
  void open_array(std::string_view what = "a list") { open(Kind::array, what); }
  /// False at the array's end.
  bool next_element() { return next(']'); }

  /// Reads over a value of any kind.
  void skip();

  /// That nothing follows.
  void finish() {
    if (skip_space() != '\0' || at_ < text_.size())
      syntax_error("expected nothing more");
  }

  /// Throws an error about the value that was begun last.
  [[noreturn]] void fail(const std::string& message) const {
    const std::string where = path();
    throw std::runtime_error(where.empty() ? message : where + ": " + message);
  }

 private:
  struct Frame {
    char close;
    std::size_t count;  // of members so far
    std::string key;
  };

  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  /// The first character that is not white space; '\0' at the end.
  char skip_space() {
    at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  void require(Kind kind, std::string_view what) {
    if (peek() != kind) fail("expected " + std::string(what));
  }

  void word(std::string_view expected) {
    if (text_.substr(at_, expected.size()) != expected)
      syntax_error("expected a value");
    at_ += expected.size();
  }

  void open(Kind kind, std::string_view what) {
    require(kind, what);
    if (frames_.size() == max_depth) syntax_error("nested too deeply");
    ++at_;
    frames_.push_back({kind == Kind::object ? '}' : ']', 0, {}});
  }

  bool next(char close) {
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

  void digits() {
    if (at_ >= text_.size() || !is_digit(text_[at_]))
      syntax_error("expected a digit");
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
  }

  std::string quoted();
  void escape(std::string& out);
  unsigned code_unit();
  [[noreturn]] void syntax_error(const std::string& message) const;
  std::string path() const;

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Frame> frames_;
};

inline std::string_view JsonReader::number(std::string_view what) {
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

inline void JsonReader::skip() {
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
inline std::string JsonReader::quoted() {
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

inline void JsonReader::escape(std::string& out) {
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

inline unsigned JsonReader::code_unit() {
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
inline void JsonReader::syntax_error(const std::string& message) const {
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
inline std::string JsonReader::path() const {
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

#endif  // EH_DETAIL_JSON_READER_HPP
