// All that eh-host does.
#pragma once

namespace eh::host {

/// From the command line to an exit code.
int host_main(int argc, char** argv);

}  // namespace eh::host
