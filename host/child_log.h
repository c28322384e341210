// What an experiment tells while it runs, as lines of files in the leaf, which
// are made by the first line; and its log, which is one of them. Callable from
// any thread. A line that cannot be written is remembered, not thrown.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "eh/abi.h"

namespace eh::host::child {

/// A file of lines that only grows. Any thread may append to it, and a process
/// that was forked: there is no lock that another thread could have held then.
class LineFile {
 public:
  /// `directory` is the leaf, of which `name` is opened when needed, and again
  /// should the experiment close the descriptor.
  LineFile(const std::string& directory, const char* name)
      : path_(directory + '/' + name), name_(name) {}
  LineFile(const LineFile&) = delete;
  LineFile& operator=(const LineFile&) = delete;

  /// With one write(2), so that a crash loses no line that was handed over.
  void append(std::string_view lines);
  /// "cannot write log.txt: No space left on device", or "".
  std::string problem() const;
  int descriptor() const { return fd_; }

 private:
  int open_instead_of(int old);
  std::string path_;
  const char* name_;
  std::atomic<int> fd_{-1};
  std::atomic<int> error_{0};
};

/// log.txt, a record a line:
///   2026-11-23T20:00:00.123Z warning  [4711 file.cc:12] text
/// with the process and the place that logged it ("[4711]" where that is
/// unknown). Later lines of a text are indented by four spaces, control
/// characters are made visible, so a record cannot pass for another.
class Log {
 public:
  explicit Log(const std::string& directory);
  void write(const eh_record& record);
  std::string problem() const { return file_.problem(); }

 private:
  LineFile file_;
};

}  // namespace eh::host::child
