// One experiment of those that a catalog has.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "catalog/catalog.h"

namespace eh::host {

/// A point of a family of the catalog.
struct Experiment {
  std::uint32_t family = 0;
  std::uint64_t point = 0;
};

/// Its leaf below the output directory: "group/name".
std::string leaf_of(const Catalog& catalog, const Experiment& experiment);

}  // namespace eh::host
