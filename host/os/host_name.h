// This machine's name in its network.
#pragma once

#include <string>

namespace eh::host {

/// As gethostname() has it; "" if it cannot say.
std::string host_name();

}  // namespace eh::host
