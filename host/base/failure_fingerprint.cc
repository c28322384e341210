#include "base/failure_fingerprint.h"

#include <cctype>

namespace eh::host {

std::string failure_fingerprint(const std::string& message,
                                const std::string& name) {
  auto text = message;
  if (!name.empty())
    for (auto at = text.find(name); at != text.npos;
         at = text.find(name, at + 1))
      text.replace(at, name.size(), "*");
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto is_digit = [&](std::size_t at) {
      return std::isdigit(static_cast<unsigned char>(text[at])) != 0;
    };
    if (!is_digit(i)) {
      out += text[i++];
      continue;
    }
    const bool address = text.compare(i, 2, "0x") == 0;
    if (address) i += 2;
    while (
        i < text.size() &&
        (is_digit(i) ||
         (address && std::isxdigit(static_cast<unsigned char>(text[i])) != 0)))
      ++i;
    out += '#';
  }
  return out;
}

std::string failure_fingerprint(const std::string& status,
                                const std::string& message,
                                const std::string& name) {
  return status + '\n' + failure_fingerprint(message, name);
}

}  // namespace eh::host
