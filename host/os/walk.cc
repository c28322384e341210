#include "os/walk.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

#include "os/below.h"

namespace eh::host {
namespace {

struct Identity {
  dev_t device;
  ino_t inode;
  bool operator==(const Identity&) const = default;
};

Identity identity(int fd, const std::string& path) {
  struct stat info;
  if (::fstat(fd, &info) != 0) throw_errno("cannot look at '" + path + "'");
  return {info.st_dev, info.st_ino};
}

// A walk holds one folder open, however deep it is: from there it goes back by
// "..", to where it came from.
class Walk {
 public:
  Walk(const std::string& path, const Visitor& visitor)
      : path_(path), visitor_(visitor) {}

  void run(Fd folder) {
    enter(std::move(folder));
    while (!levels_.empty()) {
      auto& level = levels_.back();
      if (level.entries.empty()) {
        leave();
        continue;
      }
      const auto entry = std::move(level.entries.back());
      level.entries.pop_back();
      if (!visitor_.met(met(entry)) || !entry.is_folder) continue;
      auto below = open_folder(entry.name);
      if (!below) continue;  // it is gone, or no folder any more
      if (visitor_.entered) visitor_.entered(met(entry));
      above_ += entry.name + '/';
      level.inside = entry.name;
      enter(std::move(*below));
    }
  }

 private:
  struct Level {
    Identity identity;
    std::vector<FolderEntry> entries;  // still to come
    std::string inside;                // the one that is gone into
  };

  Met met(const FolderEntry& entry) const {
    return {folder_.get(), entry.name, above_, entry.is_folder,
            static_cast<unsigned>(levels_.size() - 1)};
  }

  std::string here() const {
    // A path of a million names helps nobody.
    return above_.size() < 1000 ? path_ + '/' + above_ : path_;
  }

  std::optional<Fd> open_folder(const std::string& name) const {
    constexpr int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    Fd fd(::openat(folder_.get(), name.c_str(), flags));
    if (!fd && errno == EACCES && visitor_.makes_usable) {
      if (below::make_usable(folder_.get(), name.c_str()))
        fd = Fd(::openat(folder_.get(), name.c_str(), flags));
      else
        errno = EACCES;
    }
    if (fd) return fd;
    if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP ||
        (errno == EACCES && visitor_.skips_unreadable))
      return {};
    throw_errno("cannot list '" + here() + name + "'");
  }

  void enter(Fd folder) {
    folder_ = std::move(folder);
    Level level{identity(folder_.get(), here()), {}, {}};
    level.entries = list_entries(Fd(::dup(folder_.get())), here());
    levels_.push_back(std::move(level));
  }

  void leave() {
    levels_.pop_back();
    if (levels_.empty()) return;
    Fd up(::openat(folder_.get(), "..",
                   O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!up) throw_errno("cannot go back from '" + here() + "'");
    if (identity(up.get(), here()) != levels_.back().identity)
      throw std::system_error(
          ESTALE, std::generic_category(),
          "cannot go back from '" + here() + "', which was moved meanwhile");
    folder_ = std::move(up);
    const FolderEntry entry{levels_.back().inside, true};
    above_.resize(above_.size() - entry.name.size() - 1);
    if (visitor_.left) visitor_.left(met(entry));
  }

  const std::string& path_;
  const Visitor& visitor_;
  Fd folder_;
  std::string above_;
  std::vector<Level> levels_;
};

void copy_times(const struct stat& info, int to) {
  const timespec times[] = {info.st_atim, info.st_mtim};
  ::futimens(to, times);
}

// Copies what is in one file to another.
class Copy {
 public:
  explicit Copy(const std::function<void()>& alive) : alive_(alive) {}

  void file(int from_folder, const std::string& name, int to_folder,
            const std::string& to_name) const {
    const auto what = "cannot copy '" + name + "'";
    const Fd from(::openat(from_folder, name.c_str(),
                           O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat info;
    if (!from || ::fstat(from.get(), &info) != 0) throw_errno(what);
    if (!S_ISREG(info.st_mode)) return;
    Fd to(::openat(to_folder, to_name.c_str(),
                   O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!to) throw_errno(what);
    content(from.get(), to.get(), what);
    ::fchmod(to.get(), info.st_mode & 07777);
    copy_times(info, to.get());
    if (::close(to.release()) != 0) throw_errno(what);
  }

  static void link(int from_folder, const std::string& name, int to_folder,
                   const std::string& to_name) {
    char target[PATH_MAX];
    const auto n =
        ::readlinkat(from_folder, name.c_str(), target, sizeof target);
    if (n < 0 ||
        ::symlinkat(std::string(target, static_cast<std::size_t>(n)).c_str(),
                    to_folder, to_name.c_str()) != 0)
      throw_errno("cannot copy '" + name + "'");
  }

 private:
  void content(int from, int to, const std::string& what) const {
    constexpr std::size_t at_once = std::size_t{16} << 20;
    for (bool by_kernel = true;;) {
      alive_();
      if (by_kernel) {
        const auto n =
            ::copy_file_range(from, nullptr, to, nullptr, at_once, 0);
        if (n > 0) continue;
        if (n == 0) return;
        if (errno == ENOSPC || errno == EDQUOT || errno == EIO)
          throw_errno(what);
        by_kernel = false;  // not between these file systems
      }
      std::string data(1 << 20, '\0');
      const auto n = ::read(from, data.data(), data.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) throw_errno(what);
      if (n == 0) return;
      write_all(to, std::string_view(data.data(), static_cast<std::size_t>(n)),
                what);
    }
  }

  const std::function<void()>& alive_;
};

// One entry, or a folder without what is in it.
void copy_entry(const Copy& copy, int from_folder, const std::string& name,
                int to_folder, const std::string& to_name) {
  struct stat info;
  if (::fstatat(from_folder, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return;
    throw_errno("cannot look at '" + name + "'");
  }
  if (S_ISREG(info.st_mode))
    copy.file(from_folder, name, to_folder, to_name);
  else if (S_ISLNK(info.st_mode))
    Copy::link(from_folder, name, to_folder, to_name);
  else if (S_ISDIR(info.st_mode) &&
           ::mkdirat(to_folder, to_name.c_str(), 0700) != 0)
    throw_errno("cannot create the folder '" + to_name + "'");
}

Fd open_folder(int at, const std::string& path) {
  auto fd = below::open(at, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (!fd) throw_errno("cannot list '" + path + "'");
  return fd;
}

// Permissions and times of a folder whose copy is complete.
void finish_folder(int from_folder, const std::string& name, int to) {
  struct stat info;
  if (::fstatat(from_folder, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0)
    return;
  ::fchmod(to, info.st_mode & 07777);
  copy_times(info, to);
}

// A folder that goes elsewhere is written to: its ".." changes.
bool rename_read_only(int at, const std::string& from, const std::string& to) {
  const below::Place place(at, from);
  struct stat before;
  if (!place ||
      ::fstatat(place.folder(), place.name(), &before, AT_SYMLINK_NOFOLLOW) !=
          0 ||
      !below::make_usable(place.folder(), place.name())) {
    errno = EACCES;
    return false;
  }
  const bool moved = below::rename(at, from, to) == 0;
  const int error = errno;
  const below::Place now(at, moved ? to : from);
  if (now) ::fchmodat(now.folder(), now.name(), before.st_mode & 07777, 0);
  errno = error;
  return moved;
}

}  // namespace

std::vector<FolderEntry> list_entries(Fd folder, const std::string& path) {
  std::unique_ptr<DIR, int (*)(DIR*)> directory(::fdopendir(folder.get()),
                                                ::closedir);
  if (!directory) throw_errno("cannot list '" + path + "'");
  const int fd = folder.release();
  std::vector<FolderEntry> out;
  errno = 0;
  while (const auto* entry = ::readdir(directory.get())) {
    if (!std::strcmp(entry->d_name, ".") || !std::strcmp(entry->d_name, ".."))
      continue;
    out.push_back({entry->d_name, entry->d_type == DT_DIR});
    struct stat info;
    if (entry->d_type == DT_UNKNOWN &&
        ::fstatat(fd, entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0)
      out.back().is_folder = S_ISDIR(info.st_mode);
    errno = 0;
  }
  if (errno != 0) throw_errno("cannot list '" + path + "'");
  return out;
}

void walk(int at, const std::string& path, const Visitor& visitor) {
  auto folder = below::open(at, path, O_RDONLY | O_DIRECTORY);
  if (!folder && errno == EACCES && visitor.makes_usable) {
    const below::Place place(at, path);
    if (place && below::make_usable(place.folder(), place.name()))
      folder = below::open(at, path, O_RDONLY | O_DIRECTORY);
    else
      errno = EACCES;
  }
  if (!folder) {
    if (errno == ENOENT || errno == ENOTDIR ||
        (errno == EACCES && visitor.skips_unreadable))
      return;
    throw_errno("cannot list '" + path + "'");
  }
  Walk(path, visitor).run(std::move(folder));
}

std::size_t remove_tree(int at, const std::string& path) {
  const below::Place place(at, path);
  auto fail = [](const std::string& name) {
    throw_errno("cannot remove '" + name + "'");
  };
  if (!place) {
    if (errno == ENOENT || errno == ENOTDIR) return 0;
    fail(path);
  }
  if (::unlinkat(place.folder(), place.name(), 0) == 0) return 1;
  if (errno == ENOENT) return 0;
  if (errno != EISDIR && errno != EPERM) fail(path);
  std::size_t removed = 0;
  below::make_usable(place.folder(), place.name());
  walk(place.folder(), place.name(),
       {[&](const Met& met) {
          if (met.is_folder) {
            below::make_usable(met.folder, met.name.c_str());
            return true;
          }
          if (::unlinkat(met.folder, met.name.c_str(), 0) == 0)
            ++removed;
          else if (errno != ENOENT)
            fail(path + '/' + met.above + met.name);
          return false;
        },
        {},
        [&](const Met& met) {
          if (::unlinkat(met.folder, met.name.c_str(), AT_REMOVEDIR) != 0 &&
              errno != ENOENT)
            fail(path + '/' + met.above + met.name);
        },
        true});
  if (::unlinkat(place.folder(), place.name(), AT_REMOVEDIR) != 0 &&
      errno != ENOENT)
    fail(path);
  return removed;
}

void copy_tree(int at, const std::string& from, const std::string& to,
               const std::function<void()>& alive) {
  const Copy copy(alive);
  const below::Place source(at, from), target(at, to);
  if (!source || !target) throw_errno("cannot copy '" + from + "'");
  copy_entry(copy, source.folder(), source.name(), target.folder(),
             target.name());
  struct stat info;
  if (::fstatat(source.folder(), source.name(), &info, AT_SYMLINK_NOFOLLOW) !=
          0 ||
      !S_ISDIR(info.st_mode))
    return;
  auto into = open_folder(target.folder(), target.name());
  walk(source.folder(), source.name(),
       {[&](const Met& met) {
          alive();
          copy_entry(copy, met.folder, met.name, into.get(), met.name);
          return met.is_folder;
        },
        [&](const Met& met) { into = open_folder(into.get(), met.name); },
        [&](const Met& met) {
          finish_folder(met.folder, met.name, into.get());
          into = Fd(::openat(into.get(), "..", O_RDONLY | O_CLOEXEC));
        }});
  finish_folder(source.folder(), source.name(), into.get());
}

void move_tree(int at, const std::string& from, const std::string& to,
               const std::function<void()>& alive) {
  if (below::rename(at, from, to) == 0) return;
  const auto what = "cannot move '" + from + "' to '" + to + "'";
  if (errno == EACCES && rename_read_only(at, from, to)) return;
  if (errno != EXDEV) throw_errno(what);
  // It is there as a whole, or under a name that is none.
  const auto part = to.substr(0, to.find_last_of('/') + 1) + ".eh-part";
  if (!below::exists(at, to)) {
    remove_tree(at, part);
    copy_tree(at, from, part, alive);
    if (below::rename(at, part, to) != 0) throw_errno(what);
  }
  remove_tree(at, from);
}

}  // namespace eh::host
