// A JSON Schema (draft 7) of configuration files, with which editors complete
// and check them.
#pragma once

#include <string>

#include "config/config.h"

namespace eh::host {

/// The framework's values, those of all groups' classes, and the file's words.
std::string config_json_schema(const ConfigSchemas& schemas);

}  // namespace eh::host
