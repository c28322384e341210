// A run that a program's code asks for (contract/program.h): what it asks is
// done as the command would, and what came of it is written back.
#pragma once

#include <string>
#include <vector>

#include "cli/starter.h"

namespace eh::host {

bool is_request(const std::vector<std::string>& words);

/// Returns the exit code of this process: 0 if the program was answered.
/// Throws Error if it cannot be.
int answer_request(const std::vector<std::string>& words,
                   const Starter& starter);

}  // namespace eh::host
