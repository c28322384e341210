// NumPy's .npz: a zip file of .npy files (data/npy_write.h). A struct or map is
// an array for each key, a table one for each column, and anything else is
// "arr_0", as with numpy.savez().
#pragma once

#include <string_view>

#include "data/items.h"
#include "data/out.h"

namespace eh::host {

void write_npz(const eh_item* value, Out& out);

/// Read from `bytes`, which has to live as long as `items`. Throws DataError.
void read_npz(std::string_view bytes, Items& items);

}  // namespace eh::host
