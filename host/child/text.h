// Text as it crosses the boundary.
#pragma once

#include <string_view>

#include "eh/abi.h"

namespace eh::host::child {

inline std::string_view view(eh_text text) {
  return {text.data, text.size};
}

}  // namespace eh::host::child
