// Variables that are not for every process to see.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace eh::host {

/// Takes a variable out of the environment, and out of what others see of it
/// in /proc. Nothing if it is not set.
std::optional<std::string> take_variable(const std::string& name);

/// The same of those of `names` that are set. This process keeps them for who
/// asks again, until a variable is set anew: to another value, or to none by an
/// empty text. Returns all that it keeps.
const std::map<std::string, std::string>& take_secrets(
    const std::vector<std::string>& names);

}  // namespace eh::host
