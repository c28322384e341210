// Files of an experiment, by descriptors and without exceptions on the way: a
// child writes few small files and must stay light, and what it cannot write
// has to be told in one sentence. The host has helpers of its own (file.h),
// which would drag more into the child.
#pragma once

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
/// file `temporary`. Returns 0 or errno; leaves no temporary behind.
int replace_file(int at, const char* path, const char* temporary,
                 std::string_view data);

/// The same for a file of the experiment's: through a temporary name of its
/// own, compressed if the name ends in .gz, with the folders above it made as
/// long as they are below `at`. Returns why it could not be written, or "".
std::string write_file(int at, std::string_view path, std::string_view data);

/// Whether a path leads to nowhere else than below the folder it begins in.
bool stays_below(const std::string& path);

struct Content {
  enum class State { read, missing, failed } state = State::read;
  std::string data;  ///< if read
  std::string why;   ///< if failed
};

/// Reads a file, decompressed if its name ends in .gz.
Content read_file(int at, std::string_view path);

/// Reads what is left of a file; returns 0 or errno.
int read_rest(int fd, std::string& data);

}  // namespace eh::host::child
