// Questions on a terminal, before much is done that takes long to get back.
#pragma once

#include <cstddef>
#include <string>

namespace eh::host {

/// So many results may go without a question.
inline constexpr std::size_t few_results = 10;

/// Whether somebody is there to answer.
bool can_ask();

/// Asks "QUESTION [y/N] ". Throws Error (usage): "not done: WHAT was not
/// confirmed ...", unless the answer is yes.
void confirm(const std::string& question, const std::string& what);

}  // namespace eh::host
