// eh-child: the process in which a plugin's code runs, so that it cannot take
// the host with it. Its command line is child_contract.h; it is started by
// eh-host alone and has no options, no configuration and no help.

#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>

#include "child_describe.h"
#include "child_files.h"
#include "child_guard.h"
#include "child_run.h"

int main(int argc, char** argv) {
  namespace child = eh::host::child;
  const std::string_view mode = argc > 1 ? argv[1] : "";
  if (mode == "describe" && argc == 3) child::describe_plugin(argv[2]);
  if (mode == "guard" && argc == 3) return child::guard_run(argv[2]);
  if (mode == "run" && argc == 8) {
    child::RunRequest request;
    request.plugin = argv[2];
    request.id = std::strtoull(argv[3], nullptr, 10);
    request.point = std::strtoull(argv[4], nullptr, 10);
    request.host_pid = std::atoi(argv[5]);
    request.group = argv[6];
    request.name = argv[7];
    child::run_experiment(request);
  }
  child::write_all(STDERR_FILENO,
                   "eh-child is started by eh-host (run eh-host --help)\n");
  return 2;
}
