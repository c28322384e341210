// The terminal's details: whether there is one, its width, colours, and a
// status line that stays below the lines that are printed.
#pragma once

#include <string>
#include <string_view>

namespace eh::host {

enum class Colour { none, red, green, yellow, blue, dim, bold };

class Terminal {
 public:
  /// Writes to descriptor `fd`. `status_line`: keep one below the output.
  Terminal(int fd, bool status_line, bool colours);
  ~Terminal();

  static bool is_terminal(int fd);
  /// Colours are wanted: a terminal, and NO_COLOR (no-color.org) is not set.
  static bool wants_colours(int fd);

  bool has_status_line() const { return status_line_; }
  std::string paint(Colour colour, std::string_view text) const;
  /// Prints a line above the status line.
  void line(const std::string& text);
  /// Shows `text`, cut to the terminal's width, as the status line.
  void status(const std::string& text);
  void clear_status();
  int width() const;

 private:
  void write(std::string_view text);
  int fd_;
  bool status_line_;
  bool colours_;
  std::string shown_;
};

}  // namespace eh::host
