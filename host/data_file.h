// The files that an experiment writes and reads itself: below its leaf, or
// wherever it says, on other machines (data_remote.h), too.
#pragma once

#include <functional>
#include <string_view>

#include "data_item.h"
#include "data_out.h"

namespace eh::host {

/// Writes a file whole or not at all, through a temporary name beside it, with
/// the folders above it made as long as they are below the directory `at`.
/// `write` gets where its bytes go. Throws DataError.
void write_data_file(int at, std::string_view path,
                     const std::function<void(Out&)>& write);

/// Puts a file into `content`; false if there is none. Throws DataError.
bool read_data_file(int at, std::string_view path, std::string& content);

}  // namespace eh::host
