// Values as NumPy's .npy, format 1.0 to 3.0 (numpy.lib.format).
//
//   an array, a list of numbers or texts,   an array of as many dimensions;
//   lists of such, equally long             texts have the dtype <U
//   a table, a list of structs or maps      an array of records
//   a number, a text                        an array of no dimension
//
// Where reals are wanted nothing is nan.
#pragma once

#include <string_view>

#include "data/items.h"
#include "data/out.h"

namespace eh::host {

void write_npy(const eh_item* value, Out& out);

}  // namespace eh::host
