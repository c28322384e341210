// Where the eh-host of a program is.
#pragma once

#include <string>

#include "embed/own_program.h"

namespace eh::host {

/// The path of eh-host: beside the program, what EH_HOST names, where it was
/// when the program was built, or in PATH, whichever is there first. Throws
/// Error (usage) if it is nowhere.
std::string find_host(const OwnProgram& program);

}  // namespace eh::host
