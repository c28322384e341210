// Follows what running experiments log and print. The files in their leaves
// are all that this needs, so nothing is lost to a full pipe, and who listens
// may be slow: what was not read yet stays where it is.
#pragma once

#include <sys/types.h>

#include <deque>
#include <functional>
#include <map>
#include <string>

#include "events/log_text.h"
#include "os/file.h"

namespace eh::host {

struct LogTailOptions {
  int least = log_level::warning;  ///< records from this level up are taken
  bool output = false;             ///< and lines of stdout and stderr
  /// Asked before more is read: whether those who take it can take more.
  std::function<bool()> has_room = [] { return true; };
};

class LogTail {
 public:
  LogTail(LogTailOptions options, TakeRecord take)
      : options_(std::move(options)), take_(std::move(take)) {}

  /// An attempt begins, whose files are or will be in the folder `leaf`.
  void add(const std::string& name, const std::string& leaf);
  /// Takes what is new in all of them, but of each no more than a part: one
  /// may write faster than it is read.
  void poll();
  /// The attempt has ended: takes the rest, now or, if it is much or there is
  /// no room, by and by. `moves`: its files are about to be moved away.
  void finish(const std::string& name, bool moves = false);
  /// Whether all is taken of the attempts that have ended.
  bool settled() const { return ended_.empty(); }
  /// How many files of ended attempts could not be opened.
  std::size_t unread() const { return unread_; }

 private:
  template <class Reader>
  struct File {
    File(std::string file_path, Reader its_reader)
        : path(std::move(file_path)), reader(std::move(its_reader)) {}
    std::string path;
    Reader reader;
    Fd fd;
    off_t at = 0;        // what is before that was read
    bool whole = false;  // read to its end, when nothing was added any more
  };
  struct Followed {
    File<LogReader> log;
    File<OutputReader> output;
  };

  /// Whether all that is there was read.
  template <class Reader>
  bool read(File<Reader>& file);
  template <class Reader>
  bool read_rest(File<Reader>& file);
  bool read_rest(Followed& followed);
  void release(Followed& followed) const;

  LogTailOptions options_;
  TakeRecord take_;
  std::map<std::string, Followed> running_;
  std::deque<Followed> ended_;
  std::size_t unread_ = 0;
};

}  // namespace eh::host
