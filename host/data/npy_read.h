// NumPy's .npy read into values, as data/npy_write.h writes them.
#pragma once

#include <string_view>

#include "data/items.h"

namespace eh::host {

/// Read from `bytes`, which has to live as long as `items`; records become a
/// table. Throws DataError.
void read_npy(std::string_view bytes, Items& items);

}  // namespace eh::host
