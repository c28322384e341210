// What is told of text that is nearly JSON, as people write it who know
// another notation: .5, True, 'text', 10min.
#pragma once

#include <string>
#include <string_view>

namespace eh::host {

/// What is wrong with `word`, which stands where a value should and is none,
/// and how to write it: "'.5' is not a JSON number (write 0.5)". Like all that
/// is told of a value, it quotes no text but a short one, which is no secret.
std::string near_miss_value(std::string_view word);

/// The same of a key without its quotes.
std::string near_miss_key(std::string_view word);

/// Whether a text may be quoted that can be somebody's secret.
bool is_short(std::string_view text);

/// `text` in single quotes, control characters made visible and cut where it
/// is long.
std::string quoted_briefly(std::string_view text);

}  // namespace eh::host
