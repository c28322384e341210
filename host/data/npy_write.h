// Values as NumPy's .npy, format 1.0 to 3.0 (numpy.lib.format), and .npz, a zip
// file of them.
//
//   an array, a list of numbers or texts,   an array of as many dimensions;
//   lists of such, equally long             texts have the dtype <U
//   a table, a list of structs or maps      an array of records
//   a number, a text                        an array of no dimension
//
// In .npz a struct or map is an array for each key, a table one for each
// column, and anything else is "arr_0", as with numpy.savez(). Where reals are
// wanted nothing is nan.
#pragma once

#include <string_view>

#include "data/items.h"
#include "data/out.h"

namespace eh::host {

void write_npy(const eh_item* value, Out& out);
void write_npz(const eh_item* value, Out& out);

/// Read from `bytes`, which has to live as long as `items`; records become a
/// table. They throw DataError.
void read_npy(std::string_view bytes, Items& items);
void read_npz(std::string_view bytes, Items& items);

}  // namespace eh::host
