// Where log records go: to whoever is added here, each from a level of his own
// up, and to log files.
//
// This is not Boost.Log, whose core is one for a whole process: in a program
// with eh::host in it, records of the host would go to the program's own sinks,
// and filters that the program sets would drop them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "events/log_text.h"
#include "report/log_writer.h"

namespace eh::host {

class LogSinks {
 public:
  /// `take` is called by write(), and must not wait for anything.
  void add(int least, TakeRecord take);
  /// All records from debug up, but no output. Throws std::system_error.
  void add_file(const LogFileSettings& settings, const std::string& group);

  /// The least level that anybody wants; above all levels if there is nobody.
  int least() const { return least_; }
  /// Whether all can take more, or will not for a while.
  bool has_room() const;
  void write(const LogRecord& record) const;

  /// Waits until the files have what was written, as long as they get on, and
  /// closes all. Returns a sentence for each whose records were lost.
  std::vector<std::string> close();

 private:
  static constexpr int above_all = 1000;
  struct Taker {
    int least;
    TakeRecord take;
  };
  std::vector<Taker> takers_;
  std::vector<std::unique_ptr<LogWriter>> files_;
  int least_ = above_all;
};

}  // namespace eh::host
