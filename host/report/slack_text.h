// Text as Slack takes it: nothing in it is markup, and none is too long.
#pragma once

#include <string>
#include <string_view>

namespace eh::host {

/// The length as Slack's limits count it: at least in UTF-16 units.
std::size_t slack_length(std::string_view text);

/// `text` with &, < and > escaped, so that nobody is pinged by it. If it would
/// be longer than `most` (80 or more), it is cut at a character and says how
/// many are missing: "... (12,345 more characters)". Control characters are
/// made visible, but for newlines and tabs.
std::string slack_escaped(std::string_view text, std::size_t most);

/// The same as code, in which Slack looks for no markup: `one line`, or a block
/// of several. Backticks, which would end it, become U+02CB. "" stays "".
/// `most` includes the marks.
std::string slack_code(std::string_view text, std::size_t most);

}  // namespace eh::host
