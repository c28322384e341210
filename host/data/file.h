// The files that an experiment writes and reads itself: below its leaf, or
// wherever it says, on other machines (data/remote.h), too.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "data/items.h"
#include "data/out.h"

namespace eh::host {

/// Writes a file whole or not at all, through a temporary name beside it, with
/// the folders above it made as long as they are below the directory `at`.
/// `write` gets where its bytes go. If it is to be `lasting`, its bytes are on
/// the disk before it has its name. Throws DataError.
void write_data_file(int at, std::string_view path,
                     const std::function<void(Out&)>& write,
                     bool lasting = false);

/// The files that this process has written and that are not below a folder it
/// was given, by their paths from there.
std::set<std::string> written_elsewhere();

/// Puts a file into `content`; false if there is none. Throws DataError, also
/// where a file that is to be `plain` is none: others may be waited for.
bool read_data_file(int at, std::string_view path, std::string& content,
                    bool plain = false);

}  // namespace eh::host
