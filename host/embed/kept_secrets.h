// Secrets that a program's environment had: out of it, for runs of the program
// alone.
#pragma once

#include <string>
#include <vector>

namespace eh::host {

/// This process's environment as eh-host is to have it. The variables that may
/// hold secrets (contract/program.h) are removed from it, so that no other
/// process sees them, and kept for the next call, until they are set anew: to
/// another value, or to none by an empty text.
std::vector<std::string> environment_with_secrets();

}  // namespace eh::host
