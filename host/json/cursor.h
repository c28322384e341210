// The characters of a JSON text, one after the other, each with its place.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "json/document.h"

namespace eh::host {

/// A text and where in it the reader stands. The place is kept up with, so that
/// a long line costs no more than many short ones. A line ends with "\n" or
/// "\r\n".
class JsonCursor {
 public:
  /// Skips a byte order mark. Throws JsonError for what is not UTF-8. `text`
  /// has to live as long.
  explicit JsonCursor(std::string_view text);

  bool at_end() const { return at_ == text_.size(); }
  /// The byte that comes next; 0 at the end.
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  bool sees(char c) const { return !at_end() && text_[at_] == c; }
  bool sees(std::string_view what) const { return rest().starts_with(what); }
  bool sees_line_end() const { return sees('\n') || sees("\r\n"); }
  std::string_view rest() const { return text_.substr(at_); }
  TextPlace place() const { return place_; }

  void step(std::size_t bytes = 1);
  bool accept(char c);

  /// Reads past white space and comments. Throws JsonError for a comment that
  /// is not closed, and for signs that begin one elsewhere.
  void skip_space();
  /// What stands here up to something that ends every word and number.
  std::string_view word() const;
  /// Reads the string that begins here. Throws JsonError.
  std::string read_string();

 private:
  void check_utf8() const;
  void skip_block_comment();
  void read_escape(std::string& out);

  std::string_view text_;
  std::size_t at_ = 0;
  TextPlace place_{1, 1};
};

}  // namespace eh::host
