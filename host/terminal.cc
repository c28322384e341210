#include "terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace eh::host {

Terminal::Terminal(int fd, bool status_line, bool colours)
    : fd_(fd), status_line_(status_line), colours_(colours) {}

Terminal::~Terminal() {
  clear_status();
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

void Terminal::write(std::string_view text) {
  while (!text.empty()) {
    const auto n = ::write(fd_, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;  // nobody reads any more: the leaves have it all
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

void Terminal::line(const std::string& text) {
  if (shown_.empty()) {
    write(text + '\n');
  } else {
    write("\r\x1b[K" + text + '\n' + shown_);
  }
}

void Terminal::status(const std::string& text) {
  if (!status_line_) return;
  const auto columns = static_cast<std::size_t>(width() - 1);
  std::string cut;
  std::size_t used = 0;
  for (const char c : text) {
    // Bytes within a UTF-8 sequence take no column of their own.
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80 && ++used > columns)
      break;
    cut += c;
  }
  if (cut == shown_) return;
  shown_ = std::move(cut);
  write("\r\x1b[K" + shown_);
}

void Terminal::clear_status() {
  if (shown_.empty()) return;
  shown_.clear();
  write("\r\x1b[K");
}

}  // namespace eh::host
