#include "child_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>

#include "child_contract.h"
#include "child_files.h"
#include "child_text.h"
#include "json_text.h"
#include "utc_time.h"

namespace eh::host::child {
namespace {

constexpr std::size_t most_gathered = 64 * 1024;

std::string_view level_name(std::uint32_t level) {
  // As wide as the widest.
  if (level <= EH_DEBUG) return "debug    ";
  if (level <= EH_INFO) return "info     ";
  if (level <= EH_WARNING) return "warning  ";
  if (level <= EH_ERROR) return "error    ";
  return "critical ";
}

// A number that keeps what JSON cannot say: "nan", "inf", "-inf" in quotes.
std::string real(double value) {
  if (std::isnan(value)) return "\"nan\"";
  if (std::isinf(value)) return value > 0 ? "\"inf\"" : "\"-inf\"";
  std::string out;
  append_json_number(out, value);
  return out;
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

int LineFile::open_again() {
  fd_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (fd_ >= 0 && fd_ <= 2) {
    // The experiment has closed its stdout, say: what it prints later must not
    // land here.
    const int above = ::fcntl(fd_, F_DUPFD_CLOEXEC, 3);
    ::close(fd_);
    fd_ = above;
  }
  return fd_ < 0 ? errno : 0;
}

void LineFile::append(std::string_view lines) {
  if (error_ != 0) return;
  if (fd_ < 0) error_ = open_again();
  if (error_ == 0) error_ = write_all(fd_, lines);
  if (error_ == EBADF && (error_ = open_again()) == 0)
    error_ = write_all(fd_, lines);
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
  append_visible(line, text);
  if (record.level >= EH_WARNING && record.file.size > 0) {
    const auto file = view(record.file);
    line += "  (";
    append_visible(line, file.substr(file.rfind('/') + 1));
    if (record.line > 0) line += ":" + std::to_string(record.line);
    line += ')';
  }
  line += '\n';
  const std::lock_guard lock(mutex_);
  file_.append(line);
}

std::string Log::problem() {
  const std::lock_guard lock(mutex_);
  return file_.problem();
}

Metrics::Metrics(const std::string& directory)
    : file_(directory, contract::metrics_file) {}

void Metrics::add(std::string_view name, double step, double value) {
  JsonObject line;
  line.text("name", name).raw("step", real(step)).raw("value", real(value));
  line.text("time", utc_text(std::chrono::system_clock::now()));
  const auto now = Clock::now();
  const std::lock_guard lock(mutex_);
  lines_ += '{';
  lines_ += line.members();
  lines_ += "}\n";
  if (lines_.size() < most_gathered && now - written_ < std::chrono::seconds(1))
    return;
  file_.append(lines_);
  lines_.clear();
  written_ = now;
}

void Metrics::flush() {
  const std::lock_guard lock(mutex_);
  if (!lines_.empty()) file_.append(lines_);
  lines_.clear();
}

void Metrics::flush_in_signal_handler() {
  if (!mutex_.try_lock()) return;
  if (file_.descriptor() >= 0 && !lines_.empty())
    write_all(file_.descriptor(), lines_);
  lines_.clear();
  mutex_.unlock();
}

std::string Metrics::problem() {
  const std::lock_guard lock(mutex_);
  return file_.problem();
}

}  // namespace eh::host::child
