// The state in which a program of eh begins, whatever whoever started it left
// it in.
#pragma once

namespace eh::host {

/// Ignores SIGPIPE from now on, blocks no signal, and opens /dev/null where a
/// standard descriptor is closed.
void prepare_process();

}  // namespace eh::host
