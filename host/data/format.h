// The formats of files by the endings of their names; each tells more:
// data/json.h, data/csv.h, data/lines.h, data/npy_write.h.
#pragma once

#include <string_view>

#include "data/items.h"
#include "data/out.h"

namespace eh::host {

/// Writes a value in the format of a path's ending, compressed if it says so.
/// Throws DataError.
void write_value(std::string_view path, const eh_item* value, Out& out);

/// Makes the value of items.content, which is a file's; `how` as in abi.h.
/// Throws DataError.
void read_value(std::string_view path, std::uint32_t how, Items& items);

}  // namespace eh::host
