// The framework's own configuration values: eh::Config of the SDK, with what
// the host knows besides: ranges, where each can be set, and its description.
#pragma once

#include <vector>

#include "config/schema.h"

namespace eh::host {

const std::vector<ConfigKey>& framework_keys();

}  // namespace eh::host
