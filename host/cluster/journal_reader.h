// Reads the journals of a run's tasks while they grow:
// tasks/<task/1000>/<task>.<job>.<restart>.jsonl in the run's folder.
//
// The number of file operations of a poll, and per second, has a limit however
// many tasks there are. On a network file system what a folder or a file says
// of its age may be old or coarse: that one seems unchanged is believed only
// for a while. Of a line that has no newline yet nothing is taken.
//
// The file seen.json of the run says how far who watched has passed on what the
// journals say, so that who attaches later neither repeats nor loses records.
#pragma once

#include <sys/types.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "events/parse.h"
#include "run/processes.h"

namespace eh::host {

/// One attempt of a task: it is another one after a requeue.
struct TaskAttempt {
  std::size_t task = 0;
  std::string job;  ///< its own id
  unsigned restart = 0;

  /// "12.4711.0": the name of its journal and of its heartbeat.
  std::string name() const;
  /// Of "12.4711.0"; nothing for another text.
  static std::optional<TaskAttempt> parse(std::string_view name);
  auto operator<=>(const TaskAttempt&) const = default;
};

class TaskJournals {
 public:
  /// `is_new`: no one has passed it on yet.
  using Take =
      std::function<void(const TaskAttempt&, JournalEntry&&, bool is_new)>;

  /// `tree` is the descriptor of the output directory, which stays open.
  TaskJournals(int tree, const std::string& run_id, Clock::time_point now);

  /// Asked before more is read: whether those who take it can take more.
  std::function<bool()> has_room = [] { return true; };

  /// Takes what is new, as far as it is due. Returns whether there was any.
  bool poll(Clock::time_point now, const Take& take);
  /// Takes all that is there, at once.
  void read_all(Clock::time_point now, const Take& take);
  /// When poll() is to be called next.
  Clock::time_point due() const;

  /// This one is dead, as far as one can tell: it is looked at rarely.
  void rest(const TaskAttempt& task_attempt);

  /// Remembers in seen.json how far things were passed on, if that has changed
  /// and the last time is a while ago, or `now_or_never`. What another host
  /// has passed on counts as well. A full disk does no harm.
  void save_seen(Clock::time_point now, bool now_or_never = false);

 private:
  struct Folder {
    timespec changed{};
    Clock::time_point since{};      // when it was first seen so
    Clock::time_point listed_at{};  // the last time
  };
  struct Journal {
    std::string path;
    off_t at = 0;    // what is before that was taken
    off_t seen = 0;  // what is before that was passed on, by another host
    std::size_t chunk = 64 * 1024;
    bool closed = false;
    bool resting = false;
    Clock::duration pause{};
    Clock::time_point due{};
  };

  Clock::duration least_pause(Clock::time_point now) const;
  bool look(Clock::time_point now);
  bool look_into(const std::string& name, Folder& folder,
                 Clock::time_point now);
  bool read_due(Clock::time_point now, const Take& take);
  /// The number of bytes that were read.
  std::size_t read(const TaskAttempt& task_attempt, Journal& journal,
                   const Take& take);
  std::map<std::string, off_t> load_seen() const;

  const int tree_;
  const std::string folder_;
  const std::string seen_file_;
  const Clock::time_point begin_;
  std::map<std::string, Folder> folders_;
  std::string next_folder_;  // that is looked into next
  std::map<TaskAttempt, Journal> journals_;
  std::size_t open_ = 0;  // journals that are not closed
  std::map<std::string, off_t> seen_;
  Clock::duration look_pause_{};
  Clock::time_point look_at_{};
  Clock::time_point saved_at_{};
  bool unsaved_ = false;
};

}  // namespace eh::host
