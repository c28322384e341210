// What an experiment printed.
#pragma once

#include <string>

namespace eh::host::child {

/// Writes what streams and stdio hold. Returns why it could not, or "".
std::string flush_output();

/// The host opens the output's file before there is any.
void remove_empty_output(int leaf);

}  // namespace eh::host::child
