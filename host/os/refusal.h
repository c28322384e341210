// What the system refused, in a message that ends a command.
#pragma once

#include <string>
#include <system_error>

namespace eh::host {

/// "cannot <do what>: <reason> (<what to do>)", as far as that is known.
std::string refusal_text(const std::system_error& error);

}  // namespace eh::host
