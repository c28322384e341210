// Text for stdout. Whether all of it arrived is asked once, when the program
// ends.
#pragma once

#include <cerrno>
#include <cstdio>
#include <string_view>

#include "text.h"

namespace eh::host {

/// Why the first text could not be written: an errno; 0 if all could.
inline int print_error = 0;

/// Bytes as they are.
inline void print_bytes(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() &&
      print_error == 0)
    print_error = errno;
}

/// Text in lines, with colours and nothing else that a terminal obeys. JSON
/// stays the same value.
inline void print(std::string_view text) {
  print_bytes(printable_output(text));
}

}  // namespace eh::host
