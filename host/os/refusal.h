// What the system refused, in a message that ends a command; and what ends one
// at all.
#pragma once

#include <string>
#include <system_error>

#include "base/error.h"

namespace eh::host {

/// "cannot <do what>: <reason> (<what to do>)", as far as that is known.
std::string refusal_text(const std::system_error& error);

struct Refusal {
  ExitCode code;
  std::string text;
};
/// What the exception that is being handled, a std::exception, means for a
/// command. `by_system`: the exit code of what the system refused.
Refusal current_refusal(ExitCode by_system = exit_write);

}  // namespace eh::host
