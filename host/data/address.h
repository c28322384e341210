// The address of a file on another machine, "sftp://me@host/data/x.npy", or on
// this one, "file:///data/x.npy".
#pragma once

#include <string>
#include <string_view>

namespace eh::host {

/// Whether a path is such an address, of whatever scheme.
bool is_remote(std::string_view path);

/// Whether its scheme is this one, which is in small letters.
bool has_scheme(std::string_view path, std::string_view scheme);

struct Address {
  std::string scheme;     // "sftp", in small letters
  std::string authority;  // "me@host:22"
  std::string path;       // "/~/a.csv", as it is written
};

/// Throws DataError for what names no file, or has a password in it.
Address parse_address(std::string_view text);

/// The path that "file:///data/a%20b.csv" is on this machine. Throws DataError
/// where it names another one.
std::string path_of_file_address(std::string_view text);

}  // namespace eh::host
