// Signals as people read them.
#pragma once

#include <string>

namespace eh::host {

/// "SIGSEGV"; "signal 64" for one without a name.
std::string signal_name(int signal);

}  // namespace eh::host
