// Files by their descriptors: the few calls the host needs, with errors as
// std::system_error whose text says what could not be done. Paths below a
// descriptor are those of os/below.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace eh::host {

/// Owns a file descriptor.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(other.release()) {}
  Fd& operator=(Fd&& other) noexcept;
  ~Fd();
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  int release();

 private:
  int fd_ = -1;
};

[[noreturn]] void throw_errno(const std::string& what);

/// Whether everything that is written after it would meet the same error.
bool is_lasting(const std::error_code& code);

/// The whole content, or nothing if there is no such file. Throws
/// std::system_error for any other reason. `at` is a directory's descriptor or
/// AT_FDCWD. Of a longer file, the first `most` bytes or some more.
std::optional<std::string> read_file(int at, const std::string& path,
                                     std::size_t most = SIZE_MAX);

/// The last `most` bytes of a file, or "" if it cannot be read.
std::string read_tail(int at, const std::string& path, std::size_t most);

/// Writes all of `data`; throws std::system_error.
void write_all(int fd, std::string_view data, const std::string& what);

/// Replaces `path` by `data`, whole or not at all, through `temporary` in the
/// same directory. Throws std::system_error and leaves no temporary behind.
void replace_file(int at, const std::string& path, const std::string& temporary,
                  std::string_view data);

/// Makes `path` and the folders above it. Throws std::system_error.
void make_directories(int at, const std::string& path);

/// The entries of a directory without "." and "..", unsorted; empty if it does
/// not exist. Throws std::system_error.
std::vector<std::string> list_directory(int at, const std::string& path);

}  // namespace eh::host
