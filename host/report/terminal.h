// The terminal's details: whether there is one, its width, colours, and a
// status line that stays below the lines that are printed.
//
// It is a sink of the log: what it prints and the records that it shows are
// written in their order, by the sink's thread. A terminal that is slow or was
// stopped holds nobody up.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "report/log.h"

namespace eh::host {

enum class Colour { none, red, green, yellow, blue, dim, bold };

/// Whether to colour, and how.
class Paint {
 public:
  explicit Paint(bool colours) : colours_(colours) {}
  std::string operator()(Colour colour, std::string_view text) const;

 private:
  bool colours_;
};

/// The records that a terminal shows, and their text.
struct ShownRecords {
  int least = log_level::critical + 1;  ///< those from this level up
  std::function<std::string(const LogRecord&)> text;
};

class Terminal {
 public:
  /// Writes to descriptor `fd`. `status_line`: keep one below the output.
  Terminal(Log& log, int fd, bool status_line, bool colours,
           ShownRecords records = {});
  /// Waits until all is written.
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  static bool is_terminal(int fd);
  /// Colours are wanted: a terminal, and NO_COLOR (no-color.org) is not set.
  static bool wants_colours(int fd);

  bool has_status_line() const { return status_line_; }
  std::string paint(Colour colour, std::string_view text) const {
    return paint_(colour, text);
  }
  /// Prints a line above the status line.
  void line(const std::string& text) { log_.write(PrintedLine{text}); }
  /// Shows `text`, cut to the terminal's width, as the status line.
  void status(const std::string& text);
  void clear_status() { status({}); }
  /// Waits until all is written.
  void flush() { sink_.flush(); }

  /// Whether it keeps up, or will not for a while.
  bool has_room() const { return sink_.has_room(); }
  /// Records that were left out.
  std::size_t left_out() const { return sink_.left_out(); }
  /// Why something could not be written, as an errno, or 0. That nobody reads
  /// any more is no error.
  int error() const;
  int width() const;

 private:
  class Screen;

  Log& log_;
  const int fd_;
  const bool status_line_;
  const Paint paint_;
  const std::shared_ptr<Screen> screen_;
  LogSink sink_;
};

}  // namespace eh::host
