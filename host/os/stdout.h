// Text for stdout and stderr. Whether all of it arrived on stdout is asked
// once, when the program ends.
//
// Not through stdio, which loses what a descriptor does not take at once:
// whoever shares it may have made it non-blocking, and nobody but he may undo
// that.
#pragma once

#include <string_view>

#include "base/text.h"

namespace eh::host {

/// Writes all of it, however long that takes. Returns an errno, 0 if it did.
int write_out(int fd, std::string_view text);

/// Why the first text could not be written: an errno; 0 if all could.
inline int print_error = 0;

/// Bytes as they are, to stdout, where they appear with flush_printed() at the
/// latest.
void print_bytes(std::string_view text);
/// Returns whether somebody may still read it.
bool flush_printed();

/// Lets std::cerr write as write_out() does.
void use_patient_cerr();

/// Text in lines, with colours and nothing else that a terminal obeys. JSON
/// stays the same value.
inline void print(std::string_view text) {
  print_bytes(printable_output(text));
}

}  // namespace eh::host
