#include "report/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <utility>

#include "base/text.h"
#include "os/stdout.h"

namespace eh::host {
namespace {

// Larger parts would not show that a slow terminal gets on.
constexpr std::size_t most_at_once = 4096;

}  // namespace

std::string Paint::operator()(Colour colour, std::string_view text) const {
  static constexpr const char* codes[] = {"", "31", "32", "33", "34", "2", "1"};
  if (!colours_ || colour == Colour::none) return std::string(text);
  return std::string("\x1b[") + codes[static_cast<int>(colour)] + 'm' +
         std::string(text) + "\x1b[0m";
}

// What the sink's thread does.
class Terminal::Screen : public LogBackend {
 public:
  Screen(int fd, std::function<std::string(const LogRecord&)> text)
      : fd_(fd), text_(std::move(text)) {}

  void take(const LogEntry& entry) override {
    const auto* record = std::get_if<LogRecord>(&entry);
    lines_ += printable_output(record ? text_(*record)
                                      : std::get<PrintedLine>(entry).text);
    lines_ += '\n';
    if (lines_.size() >= most_at_once) draw();
  }

  std::optional<Clock::time_point> catch_up() override {
    draw();
    return {};
  }

  /// The status line that is to be shown. False if it is already.
  bool set_status(std::string text) {
    const std::lock_guard lock(mutex_);
    if (text == status_) return false;
    status_ = std::move(text);
    return true;
  }

  std::atomic<int> error{0};

 private:
  void draw() {
    constexpr std::string_view clear = "\r\x1b[K";
    std::string status;
    {
      const std::lock_guard lock(mutex_);
      status = status_;
    }
    if (lines_.empty() && status == shown_) return;
    write((shown_.empty() && status.empty() ? "" : std::string(clear)) +
          std::exchange(lines_, {}) + status);
    shown_ = std::move(status);
  }

  void write(std::string_view text) {
    while (!text.empty()) {
      const auto part = text.substr(0, most_at_once);
      if (const int failed = write_out(fd_, part)) {
        if (failed != EPIPE) error = failed;
        return;
      }
      text.remove_prefix(part.size());
      has_moved();
    }
  }

  const int fd_;
  const std::function<std::string(const LogRecord&)> text_;
  std::string lines_;  // that are to be written
  std::string shown_;  // the status that is
  std::mutex mutex_;
  std::string status_;  // that is to be shown
};

namespace {

LogSinkOptions options_of(const ShownRecords& records) {
  LogSinkOptions out;
  out.least = records.least;
  out.lines = true;
  // What the host says of itself is told in lines.
  out.wants = [](const LogRecord& record) {
    return record.source != LogRecord::host;
  };
  return out;
}

}  // namespace

Terminal::Terminal(Log& log, int fd, bool status_line, bool colours,
                   ShownRecords records)
    : log_(log),
      fd_(fd),
      status_line_(status_line),
      paint_(colours),
      screen_(std::make_shared<Screen>(fd, std::move(records.text))),
      sink_(log, options_of(records), screen_) {}

Terminal::~Terminal() {
  clear_status();
  flush();
}

bool Terminal::is_terminal(int fd) {
  const char* term = std::getenv("TERM");
  return ::isatty(fd) && !(term && std::string_view(term) == "dumb");
}

bool Terminal::wants_colours(int fd) {
  const char* no_color = std::getenv("NO_COLOR");
  return is_terminal(fd) && !(no_color && *no_color);
}

int Terminal::width() const {
  winsize size{};
  if (::ioctl(fd_, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  return 80;
}

int Terminal::error() const {
  return screen_->error;
}

void Terminal::status(const std::string& text) {
  if (!status_line_) return;
  const auto columns = static_cast<std::size_t>(width() - 1);
  std::string cut;
  std::size_t used = 0;
  for (const char c : printable(text)) {
    // Bytes within a UTF-8 sequence take no column of their own.
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80 && ++used > columns)
      break;
    cut += c;
  }
  if (screen_->set_status(std::move(cut))) sink_.call();
}

}  // namespace eh::host
