// A child's files, by descriptors and without exceptions on the way: it writes
// few small ones and must stay light, and what it cannot write has to be told
// in one sentence. The host has helpers of its own (os/file.h), which would
// drag more into the child; an experiment's own files are written by
// data/file.h.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace eh::host::child {

/// Owns a file descriptor.
class OwnFd {
 public:
  explicit OwnFd(int fd) : fd_(fd) {}
  ~OwnFd() { close(); }
  OwnFd(const OwnFd&) = delete;
  OwnFd& operator=(const OwnFd&) = delete;
  int get() const { return fd_; }
  bool ok() const { return fd_ >= 0; }
  /// Closes and returns 0 or errno: some file systems tell of a full disk only
  /// here.
  int close();

 private:
  int fd_;
};

/// The text of an errno, "No space left on device".
std::string reason_text(int error);

/// Writes all of it, going on after partial writes. Returns 0 or errno.
int write_all(int fd, std::string_view data);

/// Replaces `path` below the directory `at`, whole or not at all, through the
/// file `temporary`. Returns 0 or errno, which `before_naming` can, too; leaves
/// no temporary behind.
int replace_file(int at, const char* path, const char* temporary,
                 std::string_view data,
                 const std::function<int()>& before_naming = {});

/// Whether a path leads to nowhere else than below the folder it begins in.
bool stays_below(const std::string& path);

/// Reads what is left of a file; returns 0 or errno.
int read_rest(int fd, std::string& data);

/// Reads a file of eh's own below the directory `at`: no link is followed,
/// nothing is waited for. Returns 0 or errno.
int read_own_file(int at, const char* path, std::string& data);

}  // namespace eh::host::child
