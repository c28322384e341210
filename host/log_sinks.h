// Where log records go: to whoever is added here, each from a level of his own
// up. Log files are written by threads of their own.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "log_file.h"
#include "log_text.h"

namespace eh::host {

class LogSinks {
 public:
  LogSinks();
  /// As close().
  ~LogSinks();
  LogSinks(const LogSinks&) = delete;
  LogSinks& operator=(const LogSinks&) = delete;

  /// `take` is called by write(), and must not wait for anything.
  void add(int least, TakeRecord take);
  /// All records from debug up, but no output. Throws std::system_error.
  void add_file(const LogFileSettings& settings, const std::string& group);

  /// The least level that anybody wants; above all levels if there is nobody.
  int least() const { return least_; }
  /// Whether all can take more, or will not for a while.
  bool has_room() const;
  void write(const LogRecord& record);

  /// Waits until the files have what was written, as long as they get on, and
  /// closes all. Returns a sentence for each whose records were lost.
  std::vector<std::string> close();

 private:
  struct Sink;
  struct File;
  std::vector<std::shared_ptr<Sink>> sinks_;
  std::vector<std::shared_ptr<File>> files_;
  int least_ = 1000;
};

}  // namespace eh::host
