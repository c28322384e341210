// A file for what does not stay: it has no name, so nothing is left of it
// however the process ends.
#pragma once

#include "data/items.h"

namespace eh::host {

/// Its descriptor, for reading and writing; in $TMPDIR, or else in /tmp. Throws
/// DataError.
int open_scratch_file();

/// What to throw for an errno of such a file.
DataError scratch_file_error(int error);

}  // namespace eh::host
