// What the process of an experiment says of itself to the kernel.
#pragma once

#include <string>

namespace eh::host::child {

/// Ends with the host, however that ends. It may have ended already.
void follow_host(int host_pid);

/// What ps and top show, 15 bytes: the end of a name tells more than its start.
void name_process(const std::string& name);

}  // namespace eh::host::child
