// How JSON writes a number (RFC 8259, section 6).
#pragma once

#include <cstddef>
#include <string_view>

namespace eh::host {

struct NumberScan {
  std::size_t length = 0;  ///< of what is a number, or begins one
  bool whole = false;      ///< it is one
};
/// Of the number at the start of `text`, as far as it goes.
NumberScan scan_json_number(std::string_view text);

/// Whether all of `text` is one.
bool is_json_number(std::string_view text);

}  // namespace eh::host
