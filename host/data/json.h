// Values as JSON and as JSON lines.
//
// A real that is not finite, for which JSON has nothing, is a text: "nan",
// "inf" or "-inf"; what others write bare (NaN, Infinity) is read, too. The
// names of columns stand in each row alone: without rows a table has none.
#pragma once

#include <string>
#include <string_view>

#include "data/items.h"
#include "data/out.h"

namespace eh::host {

void write_json(const eh_item* value, Out& out);
/// A line for each element of a list or row of a table.
void write_json_lines(const eh_item* value, Out& out);

/// Appends a value on one line; gives what is behind it.
const eh_item* append_json(std::string& out, const eh_item* value);

}  // namespace eh::host
