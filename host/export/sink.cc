#include "export/sink.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>

#include "base/error.h"
#include "data/codec.h"
#include "data/items.h"
#include "data/place.h"
#include "os/stdout.h"

namespace eh::host {
namespace {

constexpr std::size_t block = 64 * 1024;

// Those that processes left behind which were killed. A file that is still
// written to is younger.
void remove_leftovers(const std::string& folder, const std::string& beginning) {
  constexpr std::time_t day = 24 * 60 * 60;
  try {
    for (const auto& entry : list_directory(AT_FDCWD, folder)) {
      const auto path = folder + entry;
      struct stat info;
      if (path.starts_with(beginning) && ::lstat(path.c_str(), &info) == 0 &&
          S_ISREG(info.st_mode) && info.st_mtime < std::time(nullptr) - day)
        ::unlink(path.c_str());
    }
  } catch (const std::system_error&) {
    // It is tried again the next time.
  }
}

// Gives a file a name that has none.
bool name_file(int fd, const std::string& name) {
  const auto its = "/proc/self/fd/" + std::to_string(fd);
  const auto link = [&] {
    return ::linkat(AT_FDCWD, its.c_str(), AT_FDCWD, name.c_str(),
                    AT_SYMLINK_FOLLOW) == 0;
  };
  if (link()) return true;
  return errno == EEXIST && ::unlink(name.c_str()) == 0 && link();
}

}  // namespace

class TextSink::File : public Out {
 public:
  explicit File(TextSink& sink) : sink_(sink) {}
  void write(std::string_view bytes) override { sink_.pass_on(bytes); }

 private:
  TextSink& sink_;
};

TextSink::TextSink(const std::string& path) : path_(path) {
  try {
    if (path != "-") open();
  } catch (const FileError& error) {
    fail(error.what());
  }
  file_ = std::make_unique<File>(*this);
  const auto codec = ending_of(path).codec;
  if (codec.empty()) return;
  try {
    compressor_ = compressor(codec, *file_);
  } catch (const FileError& error) {
    if (is_named_) ::unlink(temporary_.c_str());
    fail(error.what());
  }
}

void TextSink::open() {
  constexpr int flags = O_WRONLY | O_CLOEXEC;
  // What is not a plain file, such as a pipe or /dev/null, is written to as it
  // is.
  struct stat old;
  const bool is_there = ::stat(path_.c_str(), &old) == 0;
  if (is_there && !S_ISREG(old.st_mode)) {
    fd_ = Fd(::open(path_.c_str(), flags));
    if (!fd_) fail(errno_text(errno));
    return;
  }
  target_ = followed(AT_FDCWD, path_);
  if (target_.find('/') == target_.npos) target_ = "./" + target_;
  const auto folder = target_.substr(0, target_.rfind('/') + 1);
  temporary_ = temporary_beginning(target_);
  remove_leftovers(folder, temporary_);
  temporary_ += std::to_string(::getpid());
  fd_ = Fd(::open(folder.c_str(), flags | O_TMPFILE, 0666));
  if (!fd_) {
    fd_ = Fd(::open(temporary_.c_str(), flags | O_CREAT | O_TRUNC | O_NOFOLLOW,
                    0666));
    is_named_ = static_cast<bool>(fd_);
  }
  if (!fd_) fail(errno_text(errno));
  if (is_there) take_permissions(fd_.get(), old);
}

TextSink::~TextSink() {
  if (fd_ && is_named_) ::unlink(temporary_.c_str());
}

void TextSink::fail(const std::string& why) const {
  throw Error(exit_write, "cannot write '" + path_ + "': " + why);
}

void TextSink::write(std::string_view text) {
  text_ += text;
  if (text_.size() >= block) flush();
}

void TextSink::flush(bool last) {
  try {
    if (compressor_)
      compressor_->write(text_);
    else
      pass_on(text_);
    if (compressor_ && last) compressor_->finish();
  } catch (const FileError& error) {
    fail(error.what());
  }
  text_.clear();
}

void TextSink::pass_on(std::string_view bytes) {
  if (path_ == "-") return print_bytes(bytes);
  try {
    write_all(fd_.get(), bytes, path_);
  } catch (const std::system_error& error) {
    fail(errno_text(error.code().value()));
  }
}

void TextSink::finish() {
  flush(true);
  if (path_ == "-") return;
  if (temporary_.empty()) {
    if (::close(fd_.release()) != 0) fail(errno_text(errno));
    return;
  }
  if (!is_named_ && !name_file(fd_.get(), temporary_)) fail(errno_text(errno));
  is_named_ = true;
  const int fd = fd_.release();
  if (::close(fd) == 0 && ::rename(temporary_.c_str(), target_.c_str()) == 0)
    return;
  const int error = errno;
  ::unlink(temporary_.c_str());
  fail(errno_text(error));
}

}  // namespace eh::host
