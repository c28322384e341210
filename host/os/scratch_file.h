// A file for what does not stay: it has no name, so nothing is left of it
// however the process ends.
#pragma once

#include "os/file_error.h"

namespace eh::host {

/// Its descriptor, for reading and writing; in $TMPDIR, or else in /tmp. Throws
/// FileError.
int open_scratch_file();

/// What to throw for an errno of such a file.
FileError scratch_file_error(int error);

}  // namespace eh::host
