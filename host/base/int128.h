// Whole numbers that hold all of 64 bits, with and without sign.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace eh::host {

__extension__ typedef __int128 Wide;

/// A whole number whose size has at most 64 bits; nothing for any other text.
std::optional<Wide> wide_of(std::string_view text);
std::string wide_text(Wide number);

}  // namespace eh::host
