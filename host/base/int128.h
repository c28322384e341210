// Whole numbers that hold all of 64 bits, with and without sign.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace eh::host {

__extension__ typedef __int128 Int128;

/// A whole number whose size has at most 64 bits; nothing for any other text.
std::optional<Int128> wide_of(std::string_view text);
std::string wide_text(Int128 number);

}  // namespace eh::host
