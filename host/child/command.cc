#include "child/command.h"

#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>

#include "child/describe.h"
#include "child/guard.h"
#include "child/run.h"
#include "contract/child.h"
#include "os/fd.h"

namespace eh::host::child {

int child_command(int argc, char** argv, const char* otherwise) {
  const std::string_view mode = argc > 1 ? argv[1] : "";
  if (mode == "describe" && argc == 4)
    ::setenv(contract::env_plugin, argv[3], 1);
  if (mode == "describe" && (argc == 3 || argc == 4)) describe_plugin(argv[2]);
  if (mode == "guard" && argc == 3) return guard(argv[2]);
  if (mode == "run" && argc == 8) {
    RunRequest request;
    request.plugin = argv[2];
    request.id = std::strtoull(argv[3], nullptr, 10);
    request.point = std::strtoull(argv[4], nullptr, 10);
    request.host_pid = std::atoi(argv[5]);
    request.group = argv[6];
    request.name = argv[7];
    run_experiment(request);
  }
  write_all(STDERR_FILENO, otherwise);
  return 2;
}

}  // namespace eh::host::child
