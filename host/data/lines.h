// Values as plain lines (.txt) and as plain memory (.bin).
//
//   .txt  a list: an element a line. An array of two dimensions: a row a line,
//         with spaces between the numbers. A text is written as it is.
//   .bin  the numbers of an array as they lie in memory
#pragma once

#include <string_view>

#include "data/items.h"
#include "data/out.h"

namespace eh::host {

void write_lines(const eh_item* value, Out& out);
/// A list of words, a line each, that point into `text`. The last has to have
/// a line end, too.
void read_lines(std::string_view text, Items& items);

void write_memory(const eh_item* value, Out& out);

}  // namespace eh::host
