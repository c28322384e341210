// What a program's code asks eh-host to run, and what it is answered, as the
// bytes between the two (contract/program.h). Any text arrives as it is.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "eh/host.hpp"

namespace eh::host::contract {

std::string request_text(const RunRequest& request);

/// What came of it, or why nothing did.
struct RunAnswer {
  std::optional<std::string> refused = {};  ///< what RunError says
  RunResult result = {};  ///< if it was refused, the exit code alone
};

std::string answer_text(const RunAnswer& answer);

/// Nothing if that is not all of such a text.
std::optional<RunRequest> parse_request(std::string_view text);
std::optional<RunAnswer> parse_answer(std::string_view text);

}  // namespace eh::host::contract
