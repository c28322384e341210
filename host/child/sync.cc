// On a journal's file system each fsync() waits for the journal. So writing is
// begun for all files first: the first one that is waited for then takes the
// others with it.

#include "child/sync.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <vector>

#include "os/fd.h"

namespace eh::host::child {
namespace {

using Clock = std::chrono::steady_clock;
const auto begin = Clock::now();

// More are left to one syncfs(), which waits for what others write, too.
constexpr std::size_t most_files = 200;

// Some file systems, and files that are none, have nothing to bring anywhere.
bool is_error(int error) {
  return error != EINVAL && error != ENOSYS && error != EOPNOTSUPP &&
         error != EROFS;
}

struct File {
  std::string path;
  bool is_folder;
};

// Appends the files below `path`, and the folders themselves.
void list(int leaf, const std::string& path, std::vector<File>& out) {
  constexpr int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  const int fd = ::openat(leaf, path.empty() ? "." : path.c_str(), flags);
  DIR* folder = fd < 0 ? nullptr : ::fdopendir(fd);
  if (!folder) {
    if (fd >= 0) ::close(fd);
    return;
  }
  std::vector<std::string> folders;
  while (const auto* entry = ::readdir(folder)) {
    const std::string_view name = entry->d_name;
    if (name == "." || name == ".." || (path.empty() && name == ".eh"))
      continue;
    const auto file = path + (path.empty() ? "" : "/") + entry->d_name;
    struct stat info;
    if (::fstatat(fd, entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (S_ISDIR(info.st_mode)) folders.push_back(file);
    if (S_ISREG(info.st_mode)) out.push_back({file, false});
  }
  ::closedir(folder);
  if (!path.empty()) out.push_back({path, true});
  for (const auto& one : folders)
    if (out.size() <= most_files) list(leaf, one, out);
}

// Opens what can be read or written; something else may be there by now.
int open_file(int leaf, const File& file, int link) {
  const int flags =
      link | O_NONBLOCK | O_CLOEXEC | (file.is_folder ? O_DIRECTORY : 0);
  const int fd = ::openat(leaf, file.path.c_str(), O_RDONLY | flags);
  if (fd >= 0 || errno != EACCES || file.is_folder) return fd;
  return ::openat(leaf, file.path.c_str(), O_WRONLY | flags);
}

}  // namespace

bool is_worth_syncing() {
  return Clock::now() - begin >= std::chrono::seconds(1);
}

Unsynced sync_files(int leaf, const std::set<std::string>& elsewhere) {
  std::vector<File> files;
  list(leaf, "", files);
  bool all = files.size() > most_files;
  if (all) files.clear();
  const auto below = files.size();
  for (const auto& path : elsewhere) files.push_back({path, false});
  for (const bool wait : {false, true})
    for (std::size_t i = 0; i < files.size(); ++i) {
      const OwnFd file(open_file(leaf, files[i], i < below ? O_NOFOLLOW : 0));
      if (!file.ok()) {
        all = all || (errno != ENOENT && i < below);
      } else if (!wait) {
        ::sync_file_range(file.get(), 0, 0, SYNC_FILE_RANGE_WRITE);
      } else if (::fsync(file.get()) != 0 && is_error(errno)) {
        return {errno, files[i].path};
      }
    }
  if (all && ::syncfs(leaf) != 0 && is_error(errno))
    return {errno, "its files"};
  return {};
}

int sync_names(int folder) {
  return ::fsync(folder) == 0 || !is_error(errno) ? 0 : errno;
}

}  // namespace eh::host::child
