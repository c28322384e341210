// What an experiment tells while it runs, as lines of files in the leaf, which
// are made by the first line; and its log, which is one of them. Callable from
// any thread. A line that cannot be written is remembered, not thrown.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "child/leaf.h"
#include "eh/abi.h"

namespace eh::host::child {

/// A file of lines that only grows. Any thread may append to it, and a process
/// that was forked: there is no lock that another thread could have held then.
class LineFile {
 public:
  /// `name` is opened in the leaf when needed, and again should the experiment
  /// close the descriptor. Of one that `is_brief` the first is for one line.
  LineFile(Leaf& leaf, const char* name, bool is_brief = false)
      : leaf_(leaf), name_(name), is_brief_(is_brief) {}
  LineFile(const LineFile&) = delete;
  LineFile& operator=(const LineFile&) = delete;

  /// With one write(2), so that a crash loses no line that was handed over.
  void append(std::string_view lines);
  /// For a signal handler: only if it is open.
  void append_in_signal_handler(std::string_view lines);
  bool is_open() const { return file_.load() != nullptr; }
  /// Its size now; 0 if there is none. Throws DataError.
  std::int64_t size() const;
  /// Removes what earlier attempts wrote beyond `size`. Throws DataError, also
  /// if they wrote less: then some of it is lost.
  void cut(std::int64_t size);

  /// Of the first line that could not be written, here or in a process that was
  /// forked; or 0.
  int error() const;
  /// "cannot write log.txt: No space left on device", or "".
  std::string problem() const;
  /// Where a process that is forked from now on tells of its error, too.
  void tell(std::atomic<int>* error) { told_ = error; }

 private:
  struct Opened {
    int fd;
    FileId id;
  };
  int open();
  const Opened* open_instead_of(const Opened* old);
  void lose(int error);
  Leaf& leaf_;
  const char* name_;
  const bool is_brief_;
  std::atomic<bool> used_{false};
  std::atomic<const Opened*> file_{nullptr};
  std::atomic<std::int64_t> begin_{-1};  // its size when it was first opened
  std::atomic<int> error_{0};
  std::atomic<std::atomic<int>*> told_{nullptr};
};

/// log.txt, a record a line:
///   2026-11-23T20:00:00.123Z warning  [4711 file.cc:12] text
/// with the process and the place that logged it ("[4711]" where that is
/// unknown). Later lines of a text are indented by four spaces, control
/// characters are made visible, so a record cannot pass for another.
class Log {
 public:
  /// `process` is the id of this one.
  Log(Leaf& leaf, int process);
  void write(const eh_record& record);
  /// In a process that was just forked.
  void be_forked() { process_ = 0; }
  LineFile& file() { return file_; }

 private:
  LineFile file_;
  std::atomic<int> process_;  // 0: to be asked for
};

}  // namespace eh::host::child
