// Reads JSON into items: one pass, no tree, numbers as they are written, so
// that none is rounded before it is known what it is for.
#pragma once

#include <string_view>

#include "data/items.h"

namespace eh::host {

/// Read from `text`, which has to live as long as `items`. They throw
/// DataError with the place.
void read_json(std::string_view text, Items& items);
void read_json_lines(std::string_view text, Items& items);

}  // namespace eh::host
