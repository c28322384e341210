// Where a file goes that is written under a temporary name first.
#pragma once

#include <sys/stat.h>

#include <string>

namespace eh::host {

/// What a link leads to, however many follow each other, so that they stay; a
/// path that is not a link is given back. Throws DataError.
std::string followed(int at, std::string path);

/// What all temporary names of a file begin with, in the file's folder, so that
/// a rename suffices; no longer than a name may be.
std::string temporary_beginning(const std::string& path);

/// Who may read the file that was may read the new one.
void take_permissions(int fd, const struct stat& old);

}  // namespace eh::host
