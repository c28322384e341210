// Writes log records to a file, from a thread of its own: a disk or a file
// server that is slow holds nobody up.
#pragma once

#include <memory>
#include <string>

#include "report/log_file.h"

namespace eh::host {

class LogWriter {
 public:
  /// Opens the file. Throws std::system_error.
  LogWriter(const LogFileSettings& settings, const std::string& group);
  /// As close().
  ~LogWriter();
  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;

  void add(const std::shared_ptr<const LogRecord>& record);
  /// Whether it keeps up, or will not for a while.
  bool has_room() const;
  /// Waits until all is written, as long as something is, and closes the file.
  /// Returns a sentence if records were lost, or "".
  std::string close();

 private:
  struct State;
  static void work(State& state);

  // The thread's, too: one that hangs in a write is left to itself.
  std::shared_ptr<State> state_;
};

}  // namespace eh::host
