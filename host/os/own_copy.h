// Copies of plugins and programs, which are run with all that the user may do.
// So they are made whole, on the disk before they have their name, where nobody
// else can exchange them; and one that is found is looked at before it is used:
// power loss may have left it empty, and another user may have put it there.
#pragma once

#include <optional>
#include <string>

namespace eh::host {

/// Changes whenever the file is written or replaced; "" if there is none.
std::string file_identity(const std::string& path);

/// Calls for a folder `folder`/`key`, which is made, and in which nobody but
/// this user and root can put anything. Where another user has made one of the
/// two, it is in `folder`-UID. Nothing if there can be none.
std::optional<std::string> own_place(const std::string& folder,
                                     const std::string& key);

/// Sees to it that `to`, in a place of our own, is a copy of `from`, whose
/// SHA-1 is known, and whole. False if `from` has another SHA-1 by now. Throws
/// std::system_error.
bool keep_copy(const std::string& from, const std::string& to,
               const std::string& sha1);

/// Whether a file has this SHA-1 and is one that keep_copy() could have made.
bool is_own_copy(const std::string& path, const std::string& sha1);

/// The SHA-1 of a file. Throws std::system_error.
std::string sha1_of_file(const std::string& path);

}  // namespace eh::host
