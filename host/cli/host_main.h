// All that eh-host does, for its main() and for programs that are like it.
#pragma once

namespace eh::host {

/// Ignores SIGPIPE from now on, and opens /dev/null where a standard descriptor
/// is closed.
void prepare_process();

/// From the command line to an exit code, after prepare_process().
int host_main(int argc, char** argv);

}  // namespace eh::host
