#include "child/leaf.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "contract/child.h"

namespace eh::host::child {
namespace {

constexpr int folder_flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

FileId id_of(const struct stat& status) {
  return {status.st_dev, status.st_ino};
}

}  // namespace

int move_away(int fd) {
  // Most have a limit of 1024. Never below 3: an experiment that has closed its
  // stdout, say, must not print into one of our files.
  for (const int least : {900, 200, 50, 3}) {
    const int moved = ::fcntl(fd, F_DUPFD_CLOEXEC, least);
    if (moved < 0) continue;
    ::close(fd);
    return moved;
  }
  return fd;
}

bool leads_to(int fd, const FileId& id) {
  struct stat status;
  return fd >= 0 && ::fstat(fd, &status) == 0 && id_of(status) == id;
}

Leaf::Leaf(const std::string& path, const std::string& attempt)
    : path_(path),
      kept_(path + '/' + contract::attempts_folder + '/' + attempt),
      fd_(::open(".", folder_flags)) {
  struct stat status;
  if (fd_ < 0 || ::fstat(fd_, &status) != 0) return;
  id_ = id_of(status);
}

// Wherever it is now.
int Leaf::find() const {
  for (const char* path : {".", path_.c_str(), kept_.c_str()}) {
    const int fd = ::open(path, folder_flags);
    if (leads_to(fd, id_)) return move_away(fd);
    if (fd >= 0) ::close(fd);
  }
  errno = ESTALE;
  return -1;
}

int Leaf::get() {
  int old = fd_;
  if (leads_to(old, id_)) return old;
  const int found = find();
  if (found < 0 || fd_.compare_exchange_strong(old, found)) return found;
  ::close(found);  // another thread was faster
  return old;
}

bool Leaf::is_replaced() const {
  struct stat status;
  return ::stat(path_.c_str(), &status) == 0 && id_of(status) != id_;
}

int Leaf::get_or_replace() {
  struct stat status;
  if (::fstat(fd_, &status) != 0 || id_of(status) != id_) return get();
  if (status.st_nlink > 0) return fd_;
  const int fd = ::open(path_.c_str(), folder_flags);
  if (fd < 0 || ::fstat(fd, &status) != 0) return fd_;
  id_ = id_of(status);
  return fd_ = fd;
}

}  // namespace eh::host::child
