// A file that log records are added to, as lines of text, or of JSON where its
// name ends in .jsonl. When it has its size, it becomes FILE.1, and what was
// FILE.1 becomes FILE.2, up to the number that is kept.
#pragma once

#include <chrono>
#include <string>

#include "config/settings.h"
#include "events/log_record.h"
#include "os/file.h"

namespace eh::host {

class LogFile {
 public:
  /// Opens it, with the folders above it. Throws std::system_error.
  LogFile(LogFileSettings settings, std::string group);

  /// Adds a record, or counts it as lost. Other processes may add to the same
  /// file, and somebody else may move it away.
  void write(const LogRecord& record);

  const std::string& path() const { return settings_.path; }
  std::size_t lost() const { return lost_; }
  /// Why the first was lost.
  const std::string& why() const { return why_; }

 private:
  using Clock = std::chrono::steady_clock;

  void open();
  void look();
  std::size_t size() const;
  /// Whether `more` bytes are too many.
  bool is_full(std::size_t more) const;
  void rotate();

  const LogFileSettings settings_;
  const std::string group_;
  const bool json_;
  Fd fd_;
  std::size_t size_ = 0;
  Clock::time_point looked_{};
  bool torn_ = false;  // the last line has no newline
  std::size_t lost_ = 0;
  std::string why_;
};

}  // namespace eh::host
