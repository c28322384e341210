#include "child/log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>

#include "base/hex.h"
#include "base/utc_time.h"
#include "child/text.h"
#include "contract/child.h"
#include "data/items.h"
#include "os/fd.h"

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
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      out += "\n    ";
    } else if (c == '\r') {
      out += "\\r";
    } else if ((byte < 0x20 && c != '\t') || byte == 0x7F) {
      out += "\\x";
      append_hex_byte(out, byte);
    } else {
      out += c;
    }
  }
}

}  // namespace

// -1 with errno.
int LineFile::open() {
  const int leaf = leaf_.get();
  if (leaf < 0) return -1;
  // A pipe in its place is not waited for.
  constexpr int flags = O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK | O_CLOEXEC;
  return ::openat(leaf, name_, flags, 0666);
}

// Null with errno. Another thread may have been faster.
const LineFile::Opened* LineFile::open_instead_of(const Opened* old) {
  int fd = open();
  if (fd < 0) return nullptr;
  fd = move_away(fd);
  struct stat status {};
  ::fstat(fd, &status);
  std::int64_t none = -1;
  begin_.compare_exchange_strong(none, status.st_size);
  // Those that others may be using stay for ever: there are hardly any.
  const auto* opened = new Opened{fd, {status.st_dev, status.st_ino}};
  if (file_.compare_exchange_strong(old, opened)) return opened;
  ::close(fd);
  delete opened;
  return old;
}

void LineFile::append(std::string_view lines) {
  if (error_ != 0) return;
  // Most logs are one line: it costs no more than it must. This descriptor,
  // which the experiment may close, is not used again.
  if (is_brief_ && !used_.exchange(true)) {
    const int once = open();
    if (const int error = once < 0 ? errno : write_all(once, lines))
      lose(error);
    return;
  }
  const auto* file = file_.load();
  if (!file || !leads_to(file->fd, file->id)) file = open_instead_of(file);
  if (const int error = file ? write_all(file->fd, lines) : errno) lose(error);
}

void LineFile::append_in_signal_handler(std::string_view lines) {
  const auto* file = file_.load();
  if (file && leads_to(file->fd, file->id)) write_all(file->fd, lines);
}

void LineFile::lose(int error) {
  error_ = error;
  if (auto* told = told_.load()) *told = error;
}

int LineFile::error() const {
  if (error_ != 0) return error_;
  const auto* told = told_.load();
  return told ? told->load() : 0;
}

std::string LineFile::problem() const {
  const int why = error();
  if (why == 0) return {};
  return std::string("cannot write ") + name_ + ": " + reason_text(why);
}

std::int64_t LineFile::size() const {
  struct stat status;
  const int leaf = leaf_.get();
  if (leaf >= 0 && ::fstatat(leaf, name_, &status, 0) == 0)
    return status.st_size;
  if (errno == ENOENT) return 0;
  throw DataError(std::string(name_) + ": " + reason_text(errno), errno);
}

void LineFile::cut(std::int64_t size) {
  const auto fail = [this](int error) {
    throw DataError(
        std::string("cannot go back in ") + name_ + ": " + reason_text(error),
        error);
  };
  const int leaf = leaf_.get();
  const OwnFd file(leaf < 0 ? -1 : ::openat(leaf, name_, O_RDWR | O_CLOEXEC));
  struct stat status {};
  if (file.ok() ? ::fstat(file.get(), &status) != 0 : errno != ENOENT)
    fail(errno);
  const std::int64_t begin = begin_;
  const std::int64_t end = begin < 0 ? status.st_size : begin;
  if (end < size)
    throw DataError(std::string(name_) + " has only " + std::to_string(end) +
                    " of the " + std::to_string(size) +
                    " bytes that belong to it");
  if (end == size) return;
  std::string mine;
  if (::lseek(file.get(), end, SEEK_SET) < 0) fail(errno);
  if (const int error = read_rest(file.get(), mine)) fail(error);
  if (::ftruncate(file.get(), size) != 0) fail(errno);
  begin_ = size;
  if (!mine.empty()) append(mine);
}

Log::Log(Leaf& leaf, int process)
    : file_(leaf, contract::log_file, true), process_(process) {}

void Log::write(const eh_record& record) {
  auto text = view(record.text);
  while (text.ends_with('\n')) text.remove_suffix(1);
  std::string line = utc_text(std::chrono::system_clock::now());
  line.reserve(line.size() + text.size() + record.file.size + 40);
  line += ' ';
  line += level_name(record.level);
  line += '[';
  if (process_ == 0) process_ = ::getpid();
  line += std::to_string(process_);
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
