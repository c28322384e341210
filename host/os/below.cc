#include "os/below.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstring>

namespace eh::host::below {
namespace {

bool makes_or_writes(int flags) {
  return (flags & (O_CREAT | O_TRUNC | O_APPEND)) != 0 ||
         (flags & O_ACCMODE) != O_RDONLY;
}

// Fails with ELOOP where any link is on the way. Old kernels do not have it,
// and sandboxes may forbid it.
int open_without_links(int at, const std::string& path, int flags,
                       mode_t mode) {
  static std::atomic<bool> is_missing{false};
  if (is_missing || path.size() >= PATH_MAX) {
    errno = ELOOP;
    return -1;
  }
  open_how how{};
  how.flags = static_cast<unsigned>(flags);
  how.mode = (flags & O_CREAT) != 0 ? mode : 0;
  how.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH;
  const auto fd = ::syscall(SYS_openat2, at, path.c_str(), &how, sizeof how);
  if (fd < 0 && errno == ENOSYS) is_missing = true;
  if (fd < 0 && (errno == ENOSYS || errno == EPERM || errno == EAGAIN))
    errno = ELOOP;
  return static_cast<int>(fd);
}

bool is_own(const std::string& name) {
  return name.starts_with(".eh");
}

// The target of the link `name`, if its owner may lead elsewhere.
std::string trusted_target(int at, const std::string& name) {
  const Fd link(::openat(at, name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
  struct stat info;
  char target[PATH_MAX];
  if (!link || ::fstat(link.get(), &info) != 0) return {};
  if (!S_ISLNK(info.st_mode) ||
      (info.st_uid != 0 && info.st_uid != ::geteuid())) {
    errno = S_ISLNK(info.st_mode) ? ELOOP : ENOTDIR;
    return {};
  }
  const auto n = ::readlinkat(link.get(), "", target, sizeof target);
  return n > 0 ? std::string(target, static_cast<std::size_t>(n)) : "";
}

// Opens one name in a folder.
int open_name(int at, const std::string& name, int flags, mode_t mode,
              bool may_be_link) {
  if (name == "..") {
    errno = EXDEV;
    return -1;
  }
  const int fd = ::openat(at, name.c_str(), flags | O_NOFOLLOW, mode);
  // Of a link, O_DIRECTORY makes "no folder".
  if (fd >= 0 || (errno != ELOOP && errno != ENOTDIR)) return fd;
  const auto target = trusted_target(at, name);
  if (!target.empty() && may_be_link)
    return ::openat(at, target.c_str(), flags, mode);
  if (!target.empty()) errno = ELOOP;
  return -1;
}

Fd open_step_by_step(int at, const std::string& path, int flags, mode_t mode) {
  Fd folder;
  bool may_be_link = true;
  for (std::size_t begin = 0;;) {
    const auto end = path.find('/', begin);
    const bool is_last = end == path.npos;
    const auto name = path.substr(begin, is_last ? end : end - begin);
    begin = end + 1;
    if (name.empty() && !is_last) continue;
    may_be_link = may_be_link && !is_own(name);
    const int from = folder ? folder.get() : at;
    if (is_last)
      return Fd(open_name(from, name.empty() ? "." : name, flags, mode,
                          may_be_link && !makes_or_writes(flags)));
    folder = Fd(open_name(from, name, O_PATH | O_DIRECTORY | O_CLOEXEC, 0,
                          may_be_link));
    if (!folder) return {};
  }
}

template <class Call>
int with_place(int at, const std::string& path, const Call& call) {
  const Place place(at, path);
  return place ? call(place.folder(), place.name()) : -1;
}

}  // namespace

Fd open(int at, const std::string& path, int flags, mode_t mode) {
  flags |= O_CLOEXEC;
  if (at == AT_FDCWD) return Fd(::openat(at, path.c_str(), flags, mode));
  if ((flags & O_PATH) == 0) flags |= O_NONBLOCK;  // invalid with O_PATH
  Fd fd(open_without_links(at, path, flags, mode));
  if (fd || errno != ELOOP) return fd;
  return open_step_by_step(at, path, flags, mode);
}

Place::Place(int at, const std::string& path) : at_(at), name_(path) {
  if (at == -1) errno = EBADF;
  const auto slash = path.find_last_of('/');
  if (at == -1 || at == AT_FDCWD || slash == path.npos) return;
  name_ = path.substr(slash + 1);
  opened_ = open(at, path.substr(0, slash), O_PATH | O_DIRECTORY);
  at_ = opened_.get();
}

int make_folder(int at, const std::string& path) {
  return with_place(at, path, [](int folder, const char* name) {
    return ::mkdirat(folder, name, 0777);
  });
}

int make_link(const std::string& target, int at, const std::string& path) {
  return with_place(at, path, [&](int folder, const char* name) {
    return ::symlinkat(target.c_str(), folder, name);
  });
}

std::string link_target(int at, const std::string& path) {
  char target[1024];
  const auto n = with_place(at, path, [&](int folder, const char* name) {
    return static_cast<int>(::readlinkat(folder, name, target, sizeof target));
  });
  return n > 0 ? std::string(target, static_cast<std::size_t>(n)) : "";
}

int status(int at, const std::string& path, struct stat& info) {
  return with_place(at, path, [&](int folder, const char* name) {
    return ::fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW);
  });
}

bool exists(int at, const std::string& path) {
  struct stat info;
  return status(at, path, info) == 0;
}

int rename(int at, const std::string& from, const std::string& to) {
  const Place target(at, to);
  if (!target) return -1;
  return with_place(at, from, [&](int folder, const char* name) {
    return ::renameat(folder, name, target.folder(), target.name());
  });
}

int remove_file(int at, const std::string& path) {
  return with_place(at, path, [](int folder, const char* name) {
    return ::unlinkat(folder, name, 0);
  });
}

int remove_empty_folder(int at, const std::string& path) {
  return with_place(at, path, [](int folder, const char* name) {
    return ::unlinkat(folder, name, AT_REMOVEDIR);
  });
}

int touch(int at, const std::string& path) {
  return with_place(at, path, [](int folder, const char* name) {
    return ::utimensat(folder, name, nullptr, AT_SYMLINK_NOFOLLOW);
  });
}

bool make_usable(int at, const char* name) {
  struct stat info;
  return ::fstatat(at, name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
         S_ISDIR(info.st_mode) && info.st_uid == ::geteuid() &&
         (info.st_mode & S_IRWXU) != S_IRWXU &&
         ::fchmodat(at, name, (info.st_mode & 07777) | S_IRWXU, 0) == 0;
}

}  // namespace eh::host::below
