// The final figures of an experiment while it runs: a file of lines, so that
// one that is killed keeps them. The verdict has them as an object.
#pragma once

#include <string>
#include <string_view>

namespace eh::host {

/// Whether `text` is a JSON number, a string, true or false, and no more.
bool is_json_scalar(std::string_view text);

/// One line, with its end. `json` is such a value.
std::string result_line(std::string_view name, std::string_view json);

/// {"wait":0.5,"formula":"Erlang C"}: each name where it came first, with the
/// value that came last; "" if there are none. What is no such line, because a
/// disk was full, say, is left out.
std::string results_object(std::string_view lines);

}  // namespace eh::host
