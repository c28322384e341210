#include "child/process.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>

#include "contract/child.h"

namespace eh::host::child {

void follow_host(int host_pid) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (host_pid != 0 && ::getppid() != host_pid) ::_exit(contract::exit_not_ok);
}

void name_process(const std::string& name) {
  constexpr std::size_t most = 12;
  const auto tail =
      "eh:" + name.substr(name.size() - std::min(most, name.size()));
  ::prctl(PR_SET_NAME, tail.c_str());
}

}  // namespace eh::host::child
