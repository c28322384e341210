#include "os/own_copy.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <random>
#include <string_view>
#include <system_error>

#include "base/sha1.h"
#include "os/file.h"

namespace eh::host {
namespace {

bool is_safe(const struct stat& info) {
  return (info.st_uid == ::geteuid() || info.st_uid == 0) &&
         (info.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

// Reads up to a block; returns what there is, "" at the end.
std::string_view read_block(int fd, std::string& block,
                            const std::string& path) {
  std::size_t used = 0;
  while (used < block.size()) {
    const auto n = ::read(fd, block.data() + used, block.size() - used);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw_errno("cannot read '" + path + "'");
    if (n == 0) break;
    used += static_cast<std::size_t>(n);
  }
  return {block.data(), used};
}

// Calls `visit(bytes)` for all of a file.
template <class Visit>
void read_blocks(int fd, const std::string& path, const Visit& visit) {
  std::string block(1 << 20, '\0');
  for (;;) {
    const auto bytes = read_block(fd, block, path);
    if (bytes.empty()) return;
    visit(bytes);
  }
}

template <class Visit>
void read_blocks(const std::string& path, const Visit& visit) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) throw_errno("cannot read '" + path + "'");
  read_blocks(fd.get(), path, visit);
}

// Comparing takes a tenth of the time of a SHA-1.
bool is_same(int fd, const std::string& path, const std::string& from) {
  std::string block(1 << 20, '\0');
  bool same = true;
  read_blocks(from, [&](std::string_view bytes) {
    std::string_view copied;
    if (same) copied = read_block(fd, block, path);
    same = same && copied == bytes;
  });
  return same && read_block(fd, block, path).empty();
}

// Whether a file that nobody else can write to is right by `look(fd)`.
template <class Look>
bool is_right(const std::string& path, const Look& look) {
  const Fd fd(
      ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat info;
  try {
    return fd && ::fstat(fd.get(), &info) == 0 && S_ISREG(info.st_mode) &&
           is_safe(info) && look(fd.get());
  } catch (const std::system_error&) {  // a disk that cannot be read
    return false;
  }
}

void sync_folder(const std::string& path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || (::fsync(fd.get()) != 0 && errno != EINVAL))
    throw_errno("cannot write '" + path + "'");
}

std::string folder_of(const std::string& path) {
  return path.substr(0, path.find_last_of('/'));
}

bool copy(const std::string& from, const std::string& to,
          const std::string& known) {
  std::random_device random;
  const auto temporary = to + ".tmp-" + std::to_string(random()) + '-' +
                         std::to_string(::getpid());
  Fd out(
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755));
  if (!out) throw_errno("cannot write '" + temporary + "'");
  try {
    Sha1 sha1;
    read_blocks(from, [&](std::string_view block) {
      sha1.add(block);
      write_all(out.get(), block, temporary);
    });
    if (sha1.text() != known) {
      ::unlink(temporary.c_str());
      return false;
    }
    if (::fsync(out.get()) != 0 || ::close(out.release()) != 0)
      throw_errno("cannot write '" + temporary + "'");
    if (::rename(temporary.c_str(), to.c_str()) != 0)
      throw_errno("cannot write '" + to + "'");
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
  sync_folder(folder_of(to));
  sync_folder(folder_of(folder_of(to)));
  return true;
}

// Makes a folder that only its owner can write to.
bool is_own_folder(const std::string& path) {
  if (::mkdir(path.c_str(), 0755) != 0 && errno != EEXIST) return false;
  const Fd fd(
      ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat info;
  if (!fd || ::fstat(fd.get(), &info) != 0) return false;
  if (is_safe(info)) return true;
  // An earlier version let the umask decide.
  return info.st_uid == ::geteuid() &&
         ::fchmod(fd.get(), info.st_mode & 0755) == 0 &&
         ::fstat(fd.get(), &info) == 0 && is_safe(info);
}

}  // namespace

std::string file_identity(const std::string& path) {
  struct stat info;
  if (::stat(path.c_str(), &info) != 0) return {};
  return std::to_string(info.st_dev) + ' ' + std::to_string(info.st_ino) + ' ' +
         std::to_string(info.st_size) + ' ' +
         std::to_string(info.st_mtim.tv_sec) + '.' +
         std::to_string(info.st_mtim.tv_nsec);
}

std::optional<std::string> own_place(const std::string& folder,
                                     const std::string& key) {
  const auto above = folder_of(folder);
  make_directories(AT_FDCWD, above);
  struct stat info;
  if (::lstat(above.c_str(), &info) != 0 || !S_ISDIR(info.st_mode)) return {};
  for (const auto& base : {folder, folder + '-' + std::to_string(::geteuid())})
    if (is_own_folder(base))
      if (auto place = base + '/' + key;
          is_own_folder(place) && ::access(place.c_str(), W_OK) == 0)
        return place;
  return {};
}

bool keep_copy(const std::string& from, const std::string& to,
               const std::string& sha1) {
  return is_right(to, [&](int fd) { return is_same(fd, to, from); }) ||
         copy(from, to, sha1);
}

bool is_own_copy(const std::string& path, const std::string& sha1) {
  return is_right(path, [&](int fd) {
    Sha1 sum;
    read_blocks(fd, path, [&](std::string_view block) { sum.add(block); });
    return sum.text() == sha1;
  });
}

std::string sha1_of_file(const std::string& path) {
  Sha1 sha1;
  read_blocks(path, [&](std::string_view block) { sha1.add(block); });
  return sha1.text();
}

}  // namespace eh::host
