#include "data_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <string>

#include "child_files.h"
#include "data_remote.h"

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

void make_parents(int at, const std::string& path) {
  for (auto end = path.find('/'); end != path.npos;
       end = path.find('/', end + 1)) {
    const auto folder = path.substr(0, end);
    if (::mkdirat(at, folder.c_str(), 0777) != 0 && errno != EEXIST)
      fail(errno);
  }
}

// Next to `path`, so that a rename suffices; no longer than a name may be.
std::string temporary_name(const std::string& path) {
  static std::atomic<unsigned> count{0};
  const auto slash = path.rfind('/');
  const auto name_at = slash == path.npos ? 0 : slash + 1;
  return path.substr(0, name_at) + "." + path.substr(name_at, 200) +
         ".eh-tmp-" + std::to_string(::getpid()) + "-" +
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

// A file that vanishes unless it was given its name.
class TemporaryFile {
 public:
  TemporaryFile(int at, const std::string& path)
      : at_(at), name_(temporary_name(path)), file_(open(path)) {
    if (!file_.ok()) fail(errno);
  }
  ~TemporaryFile() {
    if (!is_named_) ::unlinkat(at_, name_.c_str(), 0);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  int fd() const { return file_.get(); }
  void name(const std::string& path) {
    if (const int error = file_.close()) fail(error);
    if (::renameat(at_, name_.c_str(), at_, path.c_str()) != 0) fail(errno);
    is_named_ = true;
  }

 private:
  int open(const std::string& path) const {
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
    const int fd = ::openat(at_, name_.c_str(), flags, 0666);
    if (fd >= 0 || errno != ENOENT || !child::stays_below(path)) return fd;
    make_parents(at_, path);
    return ::openat(at_, name_.c_str(), flags, 0666);
  }

  int at_;
  std::string name_;
  OwnFd file_;
  bool is_named_ = false;
};

}  // namespace

void write_data_file(int at, std::string_view path_text,
                     const std::function<void(Out&)>& write) {
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
  file.name(path);
}

bool read_data_file(int at, std::string_view path_text, std::string& content) {
  check_path(path_text);
  if (is_remote(path_text)) return download(path_text, content);
  const std::string path(path_text);
  const OwnFd file(::openat(at, path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.ok()) {
    if (errno == ENOENT || errno == ENOTDIR) return false;
    fail(errno);
  }
  if (const int error = child::read_rest(file.get(), content)) fail(error);
  return true;
}

}  // namespace eh::host
