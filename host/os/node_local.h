// Whether other machines can see a folder, as far as this one can tell.
#pragma once

#include <string>
#include <string_view>

namespace eh::host {

/// Why they cannot: "it is in /tmp, which each machine has for itself"; "" if
/// nothing says so. `path` is absolute.
std::string why_node_local(std::string_view path);

/// The same of the path alone.
std::string why_path_is_local(std::string_view path);

}  // namespace eh::host
