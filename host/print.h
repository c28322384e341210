// Text for stdout. Whether all of it arrived is asked once, when the program
// ends.
#pragma once

#include <cstdio>
#include <string_view>

namespace eh::host {

inline void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

}  // namespace eh::host
