#include "report/log_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "events/log_text.h"

namespace eh::host {

LogFile::LogFile(LogFileSettings settings, std::string group)
    : settings_(std::move(settings)),
      group_(std::move(group)),
      json_(settings_.path.ends_with(".jsonl")) {
  const auto folder = std::filesystem::path(settings_.path).parent_path();
  if (!folder.empty()) make_directories(AT_FDCWD, folder.string());
  open();
}

// A pipe that nobody reads is an error at once, not a wait for somebody.
void LogFile::open() {
  fd_ =
      Fd(::open(settings_.path.c_str(),
                O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK | O_CLOEXEC, 0666));
  if (!fd_) throw_errno("cannot write the log file '" + settings_.path + "'");
  ::fcntl(fd_.get(), F_SETFL, O_APPEND);
}

// Opens it again where another process has begun a new one, and finds its size,
// to which others may have added. Now and then is often enough.
void LogFile::look() {
  const auto now = Clock::now();
  if (fd_ && now - looked_ < std::chrono::milliseconds(50)) return;
  looked_ = now;
  struct stat opened, named;
  if (!fd_ || ::fstat(fd_.get(), &opened) != 0 ||
      ::stat(settings_.path.c_str(), &named) != 0 ||
      opened.st_dev != named.st_dev || opened.st_ino != named.st_ino)
    open();
  size_ = size();
}

// 0 for what is not a plain file.
std::size_t LogFile::size() const {
  struct stat opened;
  if (!fd_ || ::fstat(fd_.get(), &opened) != 0 || !S_ISREG(opened.st_mode))
    return 0;
  return static_cast<std::size_t>(opened.st_size);
}

bool LogFile::is_full(std::size_t more) const {
  return settings_.megabytes > 0 && size_ > 0 &&
         static_cast<double>(size_ + more) > settings_.megabytes * 1e6;
}

void LogFile::rotate() {
  for (int i = settings_.count - 1; i > 0; --i) {
    const auto from =
        settings_.path + (i > 1 ? '.' + std::to_string(i - 1) : "");
    std::rename(from.c_str(),
                (settings_.path + '.' + std::to_string(i)).c_str());
  }
  if (settings_.count == 1) ::unlink(settings_.path.c_str());
  open();
  size_ = size();
}

void LogFile::write(const LogRecord& record) {
  auto line = json_ ? '{' + log_members(record, group_) + "}\n"
                    : log_line(record, group_);
  try {
    look();
    if (is_full(line.size())) {
      looked_ = {};  // another process may have begun a new one just now
      look();
      if (is_full(line.size())) rotate();
    }
    if (torn_) line.insert(0, 1, '\n');
    write_all(fd_.get(), line, "cannot write '" + settings_.path + "'");
    size_ += line.size();
    torn_ = false;
  } catch (const std::system_error& error) {
    torn_ = torn_ || size() > size_;
    if (lost_++ == 0) why_ = error.code().message();
  }
}

}  // namespace eh::host
