// By what failures are known to be the same.
#pragma once

#include <string>

namespace eh::host {

/// What messages of the same failure have in common: without numbers,
/// addresses, and the name of what failed, an experiment or a node ("": it has
/// none).
std::string failure_fingerprint(const std::string& message,
                                const std::string& name);
/// The same of experiments, which have a status.
std::string failure_fingerprint(const std::string& status,
                                const std::string& message,
                                const std::string& name);

}  // namespace eh::host
