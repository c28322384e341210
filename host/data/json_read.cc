#include "data/json_read.h"

#include <algorithm>

#include "base/text.h"
#include "base/utf8.h"
#include "json/number.h"

namespace eh::host {
namespace {

class JsonReader {
 public:
  JsonReader(std::string_view text, Items& items)
      : text_(text), end_(text.size()), items_(items) {
    if (text_.starts_with(byte_order_mark)) at_ = line_begin_ = 3;
  }

  void whole() {
    value();
    skip_space();
    if (at_ < end_) fail("expected nothing behind the value");
  }

  void lines() {
    const auto list = items_.open(EH_ITEM_LIST, here());
    std::uint64_t count = 0;
    while (at_ < text_.size()) {
      end_ = std::min(text_.find('\n', at_), text_.size());
      skip_space();
      if (at_ < end_) {
        whole();
        // Such a number could be the beginning of a longer one.
        if (at_ == text_.size() && text_.back() >= '0' && text_.back() <= '9')
          fail(no_line_end);
        ++count;
      }
      end_ = text_.size();
      if (at_ < end_) skip_space_byte();
    }
    items_.close(list, count);
  }

 private:
  [[noreturn]] void fail(const std::string& why) const { fail_at(here(), why); }
  [[noreturn]] void fail_at_end() const {
    fail(end_ < text_.size() ? "the line ends within the value"
                             : "the text ends here (is the file whole?)");
  }
  std::uint64_t here() const {
    return place_of(line_, at_ - line_begin_ - continued_ + 1);
  }

  void skip_space_byte() {
    if (text_[at_++] == '\n') {
      ++line_;
      line_begin_ = at_;
      continued_ = 0;
    }
  }
  void skip_space() {
    while (at_ < end_ && (text_[at_] == ' ' || text_[at_] == '\n' ||
                          text_[at_] == '\r' || text_[at_] == '\t'))
      skip_space_byte();
  }

  bool sees(std::string_view word) const {
    return text_.substr(at_, std::min(word.size(), end_ - at_)) == word;
  }

  void value() {
    skip_space();
    if (at_ == end_) fail_at_end();
    switch (text_[at_]) {
      case '{':
        return object();
      case '[':
        return list();
      case '"': {
        const auto place = here();
        return items_.add_text(EH_ITEM_TEXT, string(), place);
      }
      default:
        word();
    }
  }

  void enter() {
    if (++depth_ > 100) fail("this is nested too deeply (at most 100 levels)");
    ++at_;
  }

  // Whether another element follows; takes the comma or the end.
  bool more(char close, std::uint64_t count) {
    skip_space();
    if (at_ == end_) fail_at_end();
    if (text_[at_] == close) {
      ++at_;
      --depth_;
      return false;
    }
    if (count > 0) {
      if (text_[at_] != ',')
        fail(std::string("expected ',' or '") + close + "'");
      ++at_;
      skip_space();
    }
    return true;
  }

  void list() {
    const auto opened = items_.open(EH_ITEM_LIST, here());
    enter();
    std::uint64_t count = 0;
    for (; more(']', count); ++count) value();
    items_.close(opened, count);
  }

  void object() {
    const auto opened = items_.open(EH_ITEM_MAP, here());
    enter();
    std::uint64_t count = 0;
    for (; more('}', count); ++count) {
      if (at_ == end_) fail_at_end();
      if (text_[at_] != '"') fail("expected a key in quotes");
      const auto place = here();
      items_.add_text(EH_ITEM_TEXT, string(), place);
      skip_space();
      if (at_ == end_) fail_at_end();
      if (text_[at_] != ':') fail("expected ':'");
      ++at_;
      value();
    }
    items_.close(opened, count);
  }

  void word() {
    const auto place = here();
    for (const std::string_view word : {"true", "false"})
      if (sees(word)) {
        at_ += word.size();
        items_.add(EH_ITEM_BOOL, place).as.natural = word == "true";
        return;
      }
    if (sees("null")) {
      at_ += 4;
      items_.add(EH_ITEM_NULL, place);
      return;
    }
    const auto begin = at_;
    if (text_[at_] == '-') ++at_;
    if (sees("Infinity"))
      at_ += 8;
    else if (at_ == begin && sees("NaN"))
      at_ += 3;
    else
      number(begin);
    items_.add_text(EH_ITEM_NUMBER, text_.substr(begin, at_ - begin), place);
  }

  bool sees_digit() const {
    return at_ < end_ && text_[at_] >= '0' && text_[at_] <= '9';
  }
  void number(std::size_t begin) {
    const auto scan = scan_json_number(text_.substr(begin, end_ - begin));
    at_ = begin + scan.length;
    if (!scan.whole) {
      if (at_ == end_ && end_ == text_.size()) fail_at_end();
      at_ = begin;
      fail("expected a value");
    }
    if (sees_digit() || sees(".")) {
      at_ = begin;
      fail("this is not a number as JSON has it");
    }
  }

  // Most strings stand in the text as they are.
  std::string_view string() {
    const auto begin = ++at_;
    std::string changed;
    bool is_changed = false;
    auto copied = begin;
    for (;;) {
      if (at_ == end_) fail_at_end();
      const auto c = static_cast<unsigned char>(text_[at_]);
      if (c == '"') break;
      if (c < 0x20) fail("a control character has to be escaped");
      if (c == '\\') {
        is_changed = true;
        changed += text_.substr(copied, at_ - copied);
        escape(changed);
        copied = at_;
      } else if (c < 0x80) {
        ++at_;
      } else {
        const auto length = utf8_length(text_.substr(at_, end_ - at_));
        if (length == 0) fail("this is not UTF-8");
        at_ += length;
        continued_ += length - 1;
      }
    }
    const auto rest = text_.substr(copied, at_ - copied);
    ++at_;
    if (!is_changed) return rest;
    return items_.keep(std::move(changed += rest));
  }

  void escape(std::string& out) {
    static constexpr std::string_view escapes = "\"\\/bfnrt";
    static constexpr std::string_view characters = "\"\\/\b\f\n\r\t";
    if (end_ - at_ < 2) {
      at_ = end_;
      fail_at_end();
    }
    if (const auto i = escapes.find(text_[at_ + 1]); i != escapes.npos) {
      out += characters[i];
      at_ += 2;
      return;
    }
    if (text_[at_ + 1] != 'u') fail("there is no such escape");
    const auto escape = text_.substr(at_, end_ - at_);
    switch (escape_fault(escape)) {
      case EscapeFault::no_digits:
        fail("expected four hexadecimal digits after \\u");
      case EscapeFault::half_character:
        fail("this is half a character");
      case EscapeFault::none:
        break;
    }
    const auto unicode = *unicode_escape(escape);
    append_utf8(out, unicode.code);
    at_ += unicode.length;
  }

  const std::string_view text_;
  std::size_t at_ = 0;
  std::size_t end_;  // of the line, where lines are read
  Items& items_;
  int depth_ = 0;
  // Of where it stands: the line, its first byte, and how many bytes of it so
  // far begin no character.
  std::uint64_t line_ = 1;
  std::size_t line_begin_ = 0;
  std::size_t continued_ = 0;
};

}  // namespace

void read_json(std::string_view text, Items& items) {
  JsonReader(text, items).whole();
}

void read_json_lines(std::string_view text, Items& items) {
  JsonReader(text, items).lines();
}

}  // namespace eh::host
