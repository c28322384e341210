// The values in an object of a configuration file, as values of the schema's
// keys.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "config/schema.h"
#include "config/value.h"

namespace eh::host {

/// One value as it stands in a file.
struct FlatValue {
  std::string name;  ///< of a key of the schema
  JsonValue value;
  TextPlace place;  ///< of its name
};

/// The values in an object of a file, taken apart to the schema's keys, in
/// their order; `"slurm": true` is "slurm.enabled". Unknown names are
/// mistakes, unless `elsewhere` knows them.
std::vector<FlatValue> flattened(
    const ConfigSchema& schema, const JsonValue& object,
    std::vector<ConfigMistake>& mistakes,
    const std::function<bool(const std::string&)>& elsewhere = {});

}  // namespace eh::host
