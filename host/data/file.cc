#include "data/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <mutex>
#include <string>

#include "data/address.h"
#include "data/place.h"
#include "data/remote.h"
#include "os/fd.h"

namespace eh::host {
namespace {

using child::OwnFd;

[[noreturn]] void fail(int error) {
  throw DataError(child::reason_text(error), error);
}

void check_path(std::string_view path) {
  if (path.empty()) throw DataError("the name is empty");
  if (path.find('\0') != path.npos)
    throw DataError("the name has a zero byte in it");
  if (path.back() == '/') throw DataError("the name is that of a folder");
}

constexpr char no_file[] = "it is a device, a pipe or a socket and no file";

void refuse_others(int fd) {
  struct stat info;
  if (::fstat(fd, &info) != 0) fail(errno);
  if (!S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode))
    throw DataError(std::string(no_file) + " (move it away)");
}

void make_parents(int at, const std::string& path) {
  for (auto end = path.find('/'); end != path.npos;
       end = path.find('/', end + 1)) {
    const auto folder = path.substr(0, end);
    if (::mkdirat(at, folder.c_str(), 0777) != 0 && errno != EEXIST)
      fail(errno);
  }
}

std::string temporary_name(const std::string& path) {
  static std::atomic<unsigned> count{0};
  return temporary_beginning(path) + std::to_string(::getpid()) + "-" +
         std::to_string(count++);
}

class FileOut : public Out {
 public:
  explicit FileOut(int fd) : fd_(fd) {}
  void write(std::string_view bytes) override {
    if (const int error = child::write_all(fd_, bytes)) fail(error);
  }

 private:
  int fd_;
};

class Paths {
 public:
  // False if another thread is at it, or was when this process was forked.
  bool add(const std::string& path) {
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (lock) paths_.insert(path);
    return lock.owns_lock();
  }
  std::set<std::string> all() {
    const std::lock_guard lock(mutex_);
    return paths_;
  }

 private:
  std::mutex mutex_;
  std::set<std::string> paths_;
};

// Never freed: threads may outlive main().
Paths& elsewhere = *new Paths;

// A file that vanishes unless it was given its name.
class TemporaryFile {
 public:
  TemporaryFile(int at, const std::string& path)
      : at_(at), path_(target(path)), file_(open()) {
    if (!file_.ok() && errno == ENOENT)
      throw DataError("there is no such folder", ENOENT);
    if (!file_.ok()) fail(errno);
  }
  ~TemporaryFile() {
    if (!is_named_) ::unlinkat(at_, name_.c_str(), 0);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  int fd() const { return file_.get(); }
  void name() {
    if (const int error = file_.close()) fail(error);
    if (::renameat(at_, name_.c_str(), at_, path_.c_str()) != 0) fail(errno);
    is_named_ = true;
  }

 private:
  // A link of /proc may lead to what has no path, such as a pipe that is open.
  std::string target(const std::string& path) {
    is_there_ = ::fstatat(at_, path.c_str(), &old_, 0) == 0;
    if (is_there_ && S_ISDIR(old_.st_mode)) fail(EISDIR);
    if (is_there_ && !S_ISREG(old_.st_mode)) throw DataError(no_file);
    return followed(at_, path);
  }

  int open() {
    const int fd = create();
    if (is_there_ && fd >= 0) take_permissions(fd, old_);
    return fd;
  }

  int create() {
    for (bool has_parents = false;;) {
      name_ = temporary_name(path_);
      constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
      const int fd = ::openat(at_, name_.c_str(), flags, 0666);
      if (fd >= 0) return fd;
      // Where process ids come again, as in containers, one that was killed
      // may have left such a file.
      if (errno == EEXIST) continue;
      if (errno != ENOENT || has_parents || !child::stays_below(path_))
        return fd;
      make_parents(at_, path_);
      has_parents = true;
    }
  }

  int at_;
  struct stat old_ {};
  bool is_there_ = false;
  std::string path_;
  std::string name_;
  OwnFd file_;
  bool is_named_ = false;
};

}  // namespace

void write_data_file(int at, std::string_view path_text,
                     const std::function<void(Out&)>& write, bool lasting) {
  if (has_scheme(path_text, "file"))
    return write_data_file(at, path_of_file_address(path_text), write, lasting);
  check_path(path_text);
  if (is_remote(path_text)) {
    MemoryOut out;
    write(out);
    return upload(path_text, out.bytes);
  }
  const std::string path(path_text);
  TemporaryFile file(at, path);
  FileOut out(file.fd());
  write(out);
  if (!child::stays_below(path) && !elsewhere.add(path)) lasting = true;
  if (lasting && ::fsync(file.fd()) != 0 && errno != EINVAL) fail(errno);
  file.name();
}

std::set<std::string> written_elsewhere() {
  return elsewhere.all();
}

bool read_data_file(int at, std::string_view path_text, std::string& content,
                    bool plain) {
  if (has_scheme(path_text, "file"))
    return read_data_file(at, path_of_file_address(path_text), content, plain);
  check_path(path_text);
  if (is_remote(path_text)) return download(path_text, content);
  const std::string path(path_text);
  const int flags = O_RDONLY | O_CLOEXEC | (plain ? O_NONBLOCK : 0);
  const OwnFd file(::openat(at, path.c_str(), flags));
  if (!file.ok()) {
    if (errno == ENOENT || errno == ENOTDIR) return false;
    fail(errno);
  }
  if (plain) refuse_others(file.get());
  if (const int error = child::read_rest(file.get(), content)) fail(error);
  return true;
}

}  // namespace eh::host
