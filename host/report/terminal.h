// The terminal's details: whether there is one, its width, colours, and a
// status line that stays below the lines that are printed.
//
// A thread does the writing, so that a terminal that is slow or was stopped
// holds nobody up. Where no thread can be had, nobody else does it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "report/backlog.h"

namespace eh::host {

enum class Colour { none, red, green, yellow, blue, dim, bold };

class Terminal {
 public:
  /// Writes to descriptor `fd`. `status_line`: keep one below the output.
  Terminal(int fd, bool status_line, bool colours);
  /// Waits until all is written.
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  static bool is_terminal(int fd);
  /// Colours are wanted: a terminal, and NO_COLOR (no-color.org) is not set.
  static bool wants_colours(int fd);

  bool has_status_line() const { return status_line_; }
  std::string paint(Colour colour, std::string_view text) const;
  /// Prints a line above the status line.
  void line(const std::string& text);
  /// The same of one that is left out and counted if nobody takes what is
  /// printed.
  void optional_line(const std::string& text);
  /// Shows `text`, cut to the terminal's width, as the status line.
  void status(const std::string& text);
  void clear_status() { status({}); }
  /// Waits until all is written.
  void flush();

  /// Whether it keeps up, or will not for a while.
  bool has_room() const { return backlog_.has_room(); }
  /// Optional lines that were left out.
  std::size_t left_out() const { return backlog_.left_out(); }
  /// Why something could not be written, as an errno, or 0. That nobody reads
  /// any more is no error.
  int error() const { return error_; }
  int width() const;

 private:
  void add_line(const std::string& text);
  void wake();
  std::string take_text();
  void work();
  void write(std::string_view text, std::size_t lines);

  const int fd_;
  const bool status_line_;
  const bool colours_;
  Backlog backlog_{4 << 20};  // bytes
  std::mutex mutex_;          // of what follows
  std::condition_variable changed_, idle_;
  std::string lines_;   // that are to be written
  std::string status_;  // that is to be shown
  std::string shown_;   // that is
  bool writing_ = false;
  bool ending_ = false;
  std::atomic<int> error_ = 0;
  std::thread thread_;  // from the first output on
  bool alone_ = false;  // there is no thread to be had
};

}  // namespace eh::host
