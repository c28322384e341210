// A file for what does not stay: it has no name, so nothing is left of it
// however the process ends.
#pragma once

namespace eh::host {

/// Its descriptor, for reading and writing; in $TMPDIR, or else in /tmp. Throws
/// DataError.
int open_scratch_file();

/// An error of such a file, by an errno, for people.
[[noreturn]] void fail_scratch_file(int error);

}  // namespace eh::host
