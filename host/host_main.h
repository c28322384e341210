// All that eh-host does, for its main() and for programs that are like it.
#pragma once

namespace eh::host {

/// From the command line to an exit code. Ignores SIGPIPE from now on, and
/// opens /dev/null where a standard descriptor is closed.
int host_main(int argc, char** argv);

}  // namespace eh::host
