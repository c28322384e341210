// The log files of a run, each a sink of its log: a disk or a file server that
// is slow holds nobody up.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "report/log.h"
#include "report/log_file.h"

namespace eh::host {

class LogFiles {
 public:
  explicit LogFiles(Log& log) : log_(log) {}

  /// All records from debug up, but no output. Throws std::system_error.
  void add(const LogFileSettings& settings, const std::string& group);
  /// Whether all can take more, or will not for a while.
  bool has_room() const;
  /// Waits until the files have what was written, as long as they get on, and
  /// closes them. Returns a sentence for each that lacks records.
  std::vector<std::string> close();

 private:
  class Backend;
  struct File {
    std::shared_ptr<Backend> backend;
    std::unique_ptr<LogSink> sink;
  };
  static std::string close(File& file);

  Log& log_;
  std::vector<File> files_;
};

}  // namespace eh::host
