// The journal of one attempt of a task: what happens to its experiments,
// what they log, and how the task itself goes. Whoever watches the run reads
// it while it grows (cluster/journal_reader.h).
#pragma once

#include <string>

#include "events/event.h"
#include "events/log_record.h"
#include "events/task.h"
#include "os/file.h"

namespace eh::host {

class TaskJournal {
 public:
  /// `name` is that of the attempt, "12.4711.0". Throws std::system_error.
  TaskJournal(int tree, const std::string& run_id, std::size_t task,
              const std::string& name);

  void write(const TaskStarted& started);
  void write(const TaskEnded& ended);
  /// Of those that concern one experiment; others say nothing to who watches.
  void write(const Event& event);
  /// Records are collected, until something else is written or flush().
  void write(const LogRecord& record, const std::string& group);
  void flush();

 private:
  void line(const std::string& json);
  Fd file_;
  std::string pending_;  // whole lines
};

}  // namespace eh::host
