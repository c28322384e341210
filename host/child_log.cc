#include "child_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>

#include "child_contract.h"
#include "child_files.h"
#include "child_text.h"
#include "utc_time.h"

namespace eh::host::child {
namespace {

std::string_view level_name(std::uint32_t level) {
  // As wide as the widest.
  if (level <= EH_DEBUG) return "debug    ";
  if (level <= EH_INFO) return "info     ";
  if (level <= EH_WARNING) return "warning  ";
  if (level <= EH_ERROR) return "error    ";
  return "critical ";
}

void append_visible(std::string& out, std::string_view text) {
  static constexpr char hex[] = "0123456789abcdef";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      out += "\n    ";
    } else if (c == '\r') {
      out += "\\r";
    } else if ((byte < 0x20 && c != '\t') || byte == 0x7F) {
      out += "\\x";
      out += hex[byte >> 4];
      out += hex[byte & 15];
    } else {
      out += c;
    }
  }
}

}  // namespace

// Returns 0 or errno. Another thread may have been faster.
int LineFile::open_instead_of(int old) {
  int fd =
      ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (fd >= 0 && fd <= 2) {
    // The experiment has closed its stdout, say: what it prints later must not
    // land here.
    const int above = ::fcntl(fd, F_DUPFD_CLOEXEC, 3);
    ::close(fd);
    fd = above;
  }
  if (fd < 0) return errno;
  if (!fd_.compare_exchange_strong(old, fd)) ::close(fd);
  return 0;
}

void LineFile::append(std::string_view lines) {
  if (error_ != 0) return;
  int error = fd_ < 0 ? open_instead_of(-1) : 0;
  const int fd = fd_;
  if (error == 0) error = write_all(fd, lines);
  if (error == EBADF && (error = open_instead_of(fd)) == 0)
    error = write_all(fd_, lines);
  if (error != 0) error_ = error;
}

std::string LineFile::problem() const {
  if (error_ == 0) return {};
  return std::string("cannot write ") + name_ + ": " + reason_text(error_);
}

Log::Log(const std::string& directory) : file_(directory, contract::log_file) {}

void Log::write(const eh_record& record) {
  auto text = view(record.text);
  while (text.ends_with('\n')) text.remove_suffix(1);
  std::string line = utc_text(std::chrono::system_clock::now());
  line.reserve(line.size() + text.size() + record.file.size + 40);
  line += ' ';
  line += level_name(record.level);
  line += '[';
  line += std::to_string(::getpid());
  if (record.file.size > 0) {
    const auto file = view(record.file);
    line += ' ';
    append_visible(line, file.substr(file.rfind('/') + 1));
    if (record.line > 0) line += ':' + std::to_string(record.line);
  }
  line += "] ";
  append_visible(line, text);
  line += '\n';
  file_.append(line);
}

}  // namespace eh::host::child
