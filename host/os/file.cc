#include "os/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "os/below.h"
#include "os/walk.h"

namespace eh::host {

bool is_lasting(const std::error_code& code) {
  switch (code.value()) {
    case ENOSPC:
    case EDQUOT:
    case EROFS:
    case EIO:
    case EACCES:
    case EPERM:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case EAGAIN:
      return true;
    default:
      return false;
  }
}

Fd& Fd::operator=(Fd&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = other.release();
  }
  return *this;
}

Fd::~Fd() {
  if (fd_ >= 0) ::close(fd_);
}

int Fd::release() {
  return std::exchange(fd_, -1);
}

void throw_errno(const std::string& what) {
  const int error = errno;
  std::string why;
  if (error == ELOOP)
    why = ": a symbolic link is there that eh does not follow";
  else if (error == ENXIO)
    why = ": a pipe, a device or a socket is there and no file";
  throw std::system_error(error, std::generic_category(), what + why);
}

std::optional<std::string> read_file(int at, const std::string& path,
                                     std::size_t most) {
  const auto fd = below::open(at, path, O_RDONLY);
  if (!fd) {
    if (errno == ENOENT || errno == ENOTDIR) return {};
    throw_errno("cannot read '" + path + "'");
  }
  std::string content(4096, '\0');
  std::size_t used = 0;
  while (used < most) {
    const auto n =
        ::read(fd.get(), content.data() + used, content.size() - used);
    if (n < 0) {
      if (errno == EINTR) continue;
      throw_errno("cannot read '" + path + "'");
    }
    if (n == 0) break;
    used += static_cast<std::size_t>(n);
    if (used == content.size()) content.resize(content.size() * 2);
  }
  content.resize(used);
  return content;
}

std::string read_tail(int at, const std::string& path, std::size_t most) {
  const auto fd = below::open(at, path, O_RDONLY);
  struct stat info;
  if (!fd || ::fstat(fd.get(), &info) != 0) return {};
  const auto size = static_cast<std::size_t>(info.st_size);
  std::string tail(std::min(most, size), '\0');
  const auto n = ::pread(fd.get(), tail.data(), tail.size(),
                         static_cast<off_t>(size - tail.size()));
  tail.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  return tail;
}

void write_all(int fd, std::string_view data, const std::string& what) {
  while (!data.empty()) {
    const auto n = ::write(fd, data.data(), data.size());
    if (n < 0) {
      if (errno == EINTR) continue;
      throw_errno("cannot write '" + what + "'");
    }
    data.remove_prefix(static_cast<std::size_t>(n));
  }
}

void replace_file(int at, const std::string& path, const std::string& temporary,
                  std::string_view data) {
  below::remove_file(at, temporary);
  auto fd = below::open(at, temporary, O_WRONLY | O_CREAT | O_EXCL, 0666);
  if (!fd) throw_errno("cannot write '" + path + "'");
  try {
    write_all(fd.get(), data, path);
    if (::close(fd.release()) != 0 || below::rename(at, temporary, path) != 0)
      throw_errno("cannot write '" + path + "'");
  } catch (...) {
    below::remove_file(at, temporary);
    throw;
  }
}

void make_directories(int at, const std::string& path) {
  if (below::make_folder(at, path) == 0) return;
  if (errno == ENOENT) {
    const auto slash = path.find_last_of('/');
    if (slash != path.npos && slash > 0) {
      make_directories(at, path.substr(0, slash));
      if (below::make_folder(at, path) == 0) return;
    }
  }
  if (errno == EEXIST && below::open(at, path, O_PATH | O_DIRECTORY)) return;
  throw_errno("cannot create the folder '" + path + "'");
}

std::vector<std::string> list_directory(int at, const std::string& path) {
  auto folder = below::open(at, path, O_RDONLY | O_DIRECTORY);
  if (!folder) {
    if (errno == ENOENT || errno == ENOTDIR) return {};
    throw_errno("cannot list '" + path + "'");
  }
  std::vector<std::string> names;
  for (auto& entry : list_entries(std::move(folder), path))
    names.push_back(std::move(entry.name));
  return names;
}

}  // namespace eh::host
