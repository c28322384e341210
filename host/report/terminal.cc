#include "report/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "base/text.h"
#include "os/signals_blocked.h"
#include "os/stdout.h"

namespace eh::host {

Terminal::Terminal(int fd, bool status_line, bool colours)
    : fd_(fd), status_line_(status_line), colours_(colours) {}

Terminal::~Terminal() {
  clear_status();
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool Terminal::is_terminal(int fd) {
  const char* term = std::getenv("TERM");
  return ::isatty(fd) && !(term && std::string_view(term) == "dumb");
}

bool Terminal::wants_colours(int fd) {
  const char* no_color = std::getenv("NO_COLOR");
  return is_terminal(fd) && !(no_color && *no_color);
}

std::string Terminal::paint(Colour colour, std::string_view text) const {
  static constexpr const char* codes[] = {"", "31", "32", "33", "34", "2", "1"};
  if (!colours_ || colour == Colour::none) return std::string(text);
  return std::string("\x1b[") + codes[static_cast<int>(colour)] + 'm' +
         std::string(text) + "\x1b[0m";
}

int Terminal::width() const {
  winsize size{};
  if (::ioctl(fd_, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  return 80;
}

void Terminal::line(const std::string& text) {
  const std::lock_guard lock(mutex_);
  backlog_.add_always(text.size() + 1);
  add_line(text);
}

void Terminal::optional_line(const std::string& text) {
  const std::lock_guard lock(mutex_);
  if (backlog_.add(text.size() + 1)) add_line(text);
}

void Terminal::add_line(const std::string& text) {
  lines_ += printable_output(text);
  lines_ += '\n';
  wake();
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
  const std::lock_guard lock(mutex_);
  if (cut == status_) return;
  status_ = std::move(cut);
  wake();
}

void Terminal::flush() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] {
    return !writing_ && lines_.empty() && status_ == shown_;
  });
}

void Terminal::wake() {
  if (!thread_.joinable() && !alone_) {
    try {
      const SignalsBlocked in_the_thread;
      thread_ = std::thread([this] { work(); });
    } catch (const std::system_error&) {
      alone_ = true;  // the user may have no more threads
    }
  }
  if (!alone_) return changed_.notify_one();
  const auto size = lines_.size();
  write(take_text(), size);
}

// What is to be written now.
std::string Terminal::take_text() {
  constexpr std::string_view clear = "\r\x1b[K";
  std::string text(shown_.empty() && status_.empty() ? "" : clear);
  text += std::exchange(lines_, {}) + status_;
  shown_ = status_;
  return text;
}

void Terminal::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] {
      return ending_ || !lines_.empty() || status_ != shown_;
    });
    if (lines_.empty() && status_ == shown_) return;
    const auto size = lines_.size();
    const auto text = take_text();
    writing_ = true;
    lock.unlock();
    write(text, size);
    lock.lock();
    writing_ = false;
    idle_.notify_all();
  }
}

// In parts, for the backlog to show that it moves. `lines` is how much of it
// the backlog knows.
void Terminal::write(std::string_view text, std::size_t lines) {
  while (!text.empty()) {
    const auto part = text.substr(0, 4096);
    if (const int error = write_out(fd_, part)) {
      if (error != EPIPE) error_ = error;
      break;
    }
    text.remove_prefix(part.size());
    backlog_.remove(std::min(lines, part.size()));
    lines -= std::min(lines, part.size());
  }
  backlog_.remove(lines);
}

}  // namespace eh::host
