#include "os/fd.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace eh::host::child {

int OwnFd::close() {
  if (fd_ < 0) return 0;
  const int fd = fd_;
  fd_ = -1;
  return ::close(fd) == 0 || errno == EINTR ? 0 : errno;
}

std::string reason_text(int error) {
  const char* text = ::strerrordesc_np(error);
  return text ? text : "error " + std::to_string(error);
}

int write_all(int fd, std::string_view data) {
  while (!data.empty()) {
    const auto n = ::write(fd, data.data(), data.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return n < 0 ? errno : EIO;
    data.remove_prefix(static_cast<std::size_t>(n));
  }
  return 0;
}

bool stays_below(const std::string& path) {
  if (path.starts_with('/')) return false;
  for (std::size_t at = 0; at != path.npos;) {
    const auto end = path.find('/', at);
    if (path.compare(at, end == path.npos ? end : end - at, "..") == 0)
      return false;
    at = end == path.npos ? end : end + 1;
  }
  return true;
}

int replace_file(int at, const char* path, const char* temporary,
                 std::string_view data,
                 const std::function<int()>& before_naming) {
  constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
  int fd = ::openat(at, temporary, flags, 0666);
  if (fd < 0 && errno == EEXIST && ::unlinkat(at, temporary, 0) == 0)
    fd = ::openat(at, temporary, flags, 0666);
  if (fd < 0) return errno;
  OwnFd file(fd);
  int error = write_all(fd, data);
  if (const int late = file.close(); error == 0) error = late;
  if (error == 0 && before_naming) error = before_naming();
  if (error == 0 && ::renameat(at, temporary, at, path) != 0) error = errno;
  if (error != 0) ::unlinkat(at, temporary, 0);
  return error;
}

int read_own_file(int at, const char* path, std::string& data) {
  const OwnFd file(
      ::openat(at, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status;
  if (!file.ok() || ::fstat(file.get(), &status) != 0) return errno;
  return S_ISREG(status.st_mode) ? read_rest(file.get(), data) : EINVAL;
}

int read_rest(int fd, std::string& data) {
  struct stat status;
  if (::fstat(fd, &status) == 0 && S_ISREG(status.st_mode))
    data.reserve(static_cast<std::size_t>(status.st_size) + 1);
  for (std::size_t size = data.size();;) {
    if (size == data.size())
      data.resize(size < data.capacity() ? data.capacity() : 2 * size + 4096);
    const auto n = ::read(fd, data.data() + size, data.size() - size);
    if (n > 0) size += static_cast<std::size_t>(n);
    if (n < 0 && errno == EINTR) continue;
    if (n > 0) continue;
    const int error = n < 0 ? errno : 0;
    data.resize(size);
    return error;
  }
}

}  // namespace eh::host::child
