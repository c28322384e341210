// What an experiment printed.
#pragma once

#include <string>

namespace eh::host::child {

/// Each line is written when it is whole: one that is killed has printed it. An
/// experiment may say something else with setvbuf().
void write_output_by_lines();

/// Writes what streams and stdio hold of stdout, unless another thread uses it
/// right now. It may crash, if the experiment left them in disorder.
void flush_output_in_signal_handler();

/// Writes what streams and stdio hold. Returns why it could not, or "".
std::string flush_output();

/// The host opens the output's file before there is any.
void remove_empty_output(int leaf);

}  // namespace eh::host::child
