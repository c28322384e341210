// Follows the log files of running experiments. A file system is all that this
// needs, so nothing an experiment logged is lost to a full pipe.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "file.h"

namespace eh::host {

class LogTail {
 public:
  /// `show(name, level, text)` gets each record at or above `level`, which is
  /// as in abi.h.
  using Show = std::function<void(const std::string& name, int level,
                                  const std::string& text)>;
  LogTail(int level, Show show) : level_(level), show_(std::move(show)) {}

  void add(const std::string& name, const std::string& log_path);
  /// Shows what is new in all of them.
  void poll();
  /// Shows the rest of one and forgets it.
  void finish(const std::string& name);

 private:
  struct File {
    std::string path;
    Fd fd;
    std::string partial;  // of a line that is not complete yet
    int shown_level = 0;  // of the record before, for its further lines
  };
  void read(const std::string& name, File& file);
  void show_line(const std::string& name, File& file, const std::string& line);

  int level_;
  Show show_;
  std::map<std::string, File> files_;
};

}  // namespace eh::host
