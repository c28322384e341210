// The framework's own configuration values: eh::Config of the SDK, with what
// the host knows besides: ranges, where each can be set, and its description.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/schema.h"

namespace eh::host {

const std::vector<ConfigKey>& framework_keys();

/// What the key `name` is where nothing sets it, as people write it: "10s".
std::string framework_default(std::string_view name);

}  // namespace eh::host
