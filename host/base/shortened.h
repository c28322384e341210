// Texts that a file has whole, and that are shown only up to some length.
#pragma once

#include <string>

#include "base/text.h"

namespace eh::host {

/// "... (1,000 more bytes in log.txt)".
inline std::string more_text(std::size_t bytes, const std::string& file) {
  return "... (" + grouped(bytes) + " more bytes in " + file + ')';
}

/// A message of an experiment, of which its verdict has all.
inline constexpr std::size_t longest_message = 64 * 1024;

inline std::string shortened_message(std::string text,
                                     const std::string& file) {
  if (text.size() <= longest_message) return text;
  const auto missing = text.size() - longest_message;
  text.resize(longest_message);
  text.shrink_to_fit();
  return text + more_text(missing, file);
}

/// The first line of a message, for a line of its own.
inline std::string first_line(const std::string& text) {
  constexpr std::size_t most = 200;
  const auto line = text.substr(0, text.find('\n'));
  return printable(beginning(line, most)) + (line.size() > most ? "..." : "");
}

}  // namespace eh::host
