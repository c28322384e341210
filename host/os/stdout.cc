#include "os/stdout.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <iostream>
#include <streambuf>
#include <string>

namespace eh::host {
namespace {

constexpr std::size_t block = 64 * 1024;

std::string& printed() {
  static std::string text;
  return text;
}

class PatientErrors : public std::streambuf {
 protected:
  std::streamsize xsputn(const char* text, std::streamsize size) override {
    const std::string_view all(text, static_cast<std::size_t>(size));
    return write_out(STDERR_FILENO, all) == 0 ? size : 0;
  }
  int_type overflow(int_type c) override {
    const char byte = traits_type::to_char_type(c);
    return xsputn(&byte, 1) == 1 ? c : traits_type::eof();
  }
};

}  // namespace

int write_out(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto n = ::write(fd, text.data(), text.size());
    if (n > 0) {
      text.remove_prefix(static_cast<std::size_t>(n));
    } else if (n < 0 && errno == EAGAIN) {
      pollfd room{fd, POLLOUT, 0};
      if (::poll(&room, 1, -1) < 0 && errno != EINTR) return errno;
    } else if (n == 0 || errno != EINTR) {
      return n == 0 ? EIO : errno;
    }
  }
  return 0;
}

void print_bytes(std::string_view text) {
  printed() += text;
  if (printed().size() >= block) flush_printed();
}

bool flush_printed() {
  auto& text = printed();
  if (text.empty()) return print_error == 0;
  // A program may have printed something before.
  std::fflush(stdout);
  const int error = write_out(STDOUT_FILENO, text);
  text.clear();
  if (print_error == 0) print_error = error;
  return error == 0;
}

void use_patient_cerr() {
  // std::cerr is used until the very end.
  static auto* const errors = new PatientErrors;
  std::cerr.rdbuf(errors);
}

}  // namespace eh::host
