// Ranges of whole numbers in patterns, as lists show them: "{1..20}"; and the
// set "[1-20]", which looks like one and takes a single character.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eh::host {

/// The patterns that together take the numbers of "1..20" as they are written:
/// "[1-9]", "1[0-9]", "20". Where one of the two has leading zeros, all have
/// the width of the longer. Nothing if `text` is no such range, or one of the
/// numbers has more than 18 digits.
std::optional<std::vector<std::string>> number_range(std::string_view text);

/// What to write instead of the first set in `pattern` that was meant as a
/// range; "" if there is none: "'[1-20]' takes one character ...".
std::string range_hint(std::string_view pattern);

}  // namespace eh::host
