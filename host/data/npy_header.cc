#include "data/npy_header.h"

#include <charconv>
#include <limits>

#include "base/hex.h"
#include "base/utf8.h"
#include "data/items.h"

namespace eh::host {
namespace {

// Reads the few of Python's literals that stand in a header.
class HeaderReader {
 public:
  HeaderReader(std::string_view text, std::size_t offset)
      : text_(text), offset_(offset) {}

  NpyHeader header() {
    NpyHeader header;
    bool has_descr = false, has_order = false, has_shape = false;
    expect('{');
    while (!accept('}')) {
      const auto key = text();
      expect(':');
      if (key == "descr") {
        descr(header);
        has_descr = true;
      } else if (key == "fortran_order") {
        header.fortran_order = boolean();
        has_order = true;
      } else if (key == "shape") {
        shape(header);
        has_shape = true;
      } else {
        fail("'" + key + "' is not known");
      }
      if (!accept(',') && !sees('}')) fail("expected ',' or '}'");
    }
    if (!has_descr || !has_order || !has_shape)
      fail("it lacks 'descr', 'fortran_order' or 'shape'");
    return header;
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw DataError("byte " + std::to_string(offset_ + at_) +
                    ": the header of the .npy file is damaged: " + why);
  }

  bool sees(char c) {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n'))
      ++at_;
    return at_ < text_.size() && text_[at_] == c;
  }
  bool accept(char c) {
    if (!sees(c)) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!accept(c)) fail(std::string("expected '") + c + "'");
  }

  std::string text() {
    const bool is_double = sees('"');
    if (!is_double && !sees('\'')) fail("expected a text in quotes");
    const char quote = text_[at_++];
    std::string out;
    for (; at_ < text_.size() && text_[at_] != quote; ++at_) {
      if (text_[at_] == '\\') {
        if (++at_ == text_.size()) break;
        escape(out);
      } else {
        out += text_[at_];
      }
    }
    expect(quote);
    return out;
  }

  // What follows a backslash, up to its last character.
  void escape(std::string& out) {
    constexpr std::string_view escapes = "\\'\"abfnrtv";
    constexpr std::string_view meant = "\\'\"\a\b\f\n\r\t\v";
    const char c = text_[at_];
    if (const auto i = escapes.find(c); i != escapes.npos) {
      out += meant[i];
      return;
    }
    const std::size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    const auto hex = text_.substr(at_ + 1, digits);
    const auto end = hex.data() + hex.size();
    std::uint32_t code = 0;
    const auto result = std::from_chars(hex.data(), end, code, 16);
    if (digits == 0 || hex.size() < digits || result.ec != std::errc{} ||
        result.ptr != end || !is_character(code))
      fail("this escape is not known");
    append_utf8(out, code);
    at_ += digits;
  }

  bool boolean() {
    sees(' ');
    for (const std::string_view word : {"True", "False"})
      if (text_.substr(at_, word.size()) == word) {
        at_ += word.size();
        return word == "True";
      }
    fail("expected True or False");
  }

  std::uint64_t natural() {
    sees(' ');
    std::uint64_t value = 0;
    const auto end = text_.data() + text_.size();
    const auto result = std::from_chars(text_.data() + at_, end, value);
    if (result.ec != std::errc{}) fail("expected a length");
    at_ = static_cast<std::size_t>(result.ptr - text_.data());
    accept('L');  // of Python 2
    return value;
  }

  void shape(NpyHeader& header) {
    header.count = 1;
    header.shape.clear();  // the last one counts, as in Python
    expect('(');
    while (!accept(')')) {
      const auto length = natural();
      constexpr auto most = std::numeric_limits<std::uint64_t>::max();
      if (length > 0 && header.count > most / length)
        fail("the array is too large");
      header.count *= length;
      header.shape.push_back(length);
      if (header.shape.size() > 32) fail("it has too many dimensions");
      if (!accept(',') && !sees(')')) fail("expected ',' or ')'");
    }
  }

  void descr(NpyHeader& header) {
    if (!accept('[')) {
      header.fields = {{"", text()}};
      return;
    }
    header.is_record = true;
    header.fields.clear();
    while (!accept(']')) {
      expect('(');
      NpyField field;
      if (accept('(')) {  // a title, which pandas does not write
        text();
        expect(',');
        field.name = text();
        expect(')');
      } else {
        field.name = text();
      }
      expect(',');
      if (sees('['))
        throw DataError("field '" + field.name +
                        "' is a record itself, which is not read");
      field.dtype = text();
      if (accept(',') && !sees(')'))
        throw DataError("field '" + field.name +
                        "' is an array itself, which is not read");
      expect(')');
      header.fields.push_back(std::move(field));
      if (!accept(',') && !sees(']')) fail("expected ',' or ']'");
    }
  }

  std::string_view text_;
  std::size_t offset_;
  std::size_t at_ = 0;
};

}  // namespace

NpyHeader read_npy_header(std::string_view bytes) {
  constexpr std::string_view magic = "\x93NUMPY";
  if (!bytes.starts_with(magic.substr(0, bytes.size())))
    throw DataError("byte 0: this is not a .npy file");
  const auto byte = [&](std::size_t i) -> std::size_t {
    return static_cast<unsigned char>(bytes[i]);
  };
  const auto cut_short = [&] {
    throw DataError("it ends in the header, at byte " +
                    std::to_string(bytes.size()) + " (is the file whole?)");
  };
  if (bytes.size() < 12) cut_short();
  const auto version = byte(6);
  if (version < 1 || version > 3)
    throw DataError("it is of the version " + std::to_string(version) +
                    " of .npy, which is not known");
  const std::size_t fixed = version == 1 ? 10 : 12;
  std::size_t length = 0;
  for (auto i = fixed; i-- > 8;) length = length << 8 | byte(i);
  if (bytes.size() - fixed < length) cut_short();
  auto header = HeaderReader(bytes.substr(fixed, length), fixed).header();
  header.size = fixed + length;
  return header;
}

std::string python_text(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\'' || c == '\\') out += '\\';
    // Python's repr() has some of these in another form, and reads this one.
    if (byte < 0x20 || byte == 0x7F) {
      out += "\\x";
      append_hex_byte(out, byte);
    } else {
      out += c;
    }
  }
  return out + "'";
}

void write_npy_header(std::string_view descr, const NpyShape& shape, Out& out) {
  std::string header =
      "{'descr': " + std::string(descr) +
      ", 'fortran_order': False, 'shape': " + shape_text(shape) + ", }";
  bool ascii = true;
  for (const char c : header) ascii = ascii && static_cast<signed char>(c) > 0;
  // The numbers begin at a multiple of 64 bytes.
  const auto begin_of = [&](std::size_t fixed) {
    return (fixed + header.size() + 1 + 63) / 64 * 64;
  };
  const bool is_long = begin_of(10) > 65535;
  const std::size_t fixed = ascii && !is_long ? 10 : 12;
  header.resize(begin_of(fixed) - fixed - 1, ' ');
  header += '\n';
  std::string start = "\x93NUMPY";
  start += !ascii ? '\3' : is_long ? '\2' : '\1';
  start += '\0';
  for (std::size_t i = 0; i < fixed - 8; ++i)
    start += static_cast<char>(header.size() >> (8 * i) & 0xFF);
  out.write(start + header);
}

bool has_few_lists(const NpyShape& shape) {
  constexpr std::uint64_t most = 1'000'000;
  std::uint64_t count = 1;
  for (const auto length : shape) {
    if (length == 0) break;
    if (count > most / length) return false;
    count *= length;
  }
  return true;
}

std::string shape_text(const NpyShape& shape) {
  std::string text = "(";
  for (const auto length : shape) text += std::to_string(length) + ", ";
  if (shape.size() > 1) text.pop_back();
  if (shape.size() > 0) text.pop_back();
  return text + ")";
}

}  // namespace eh::host
