#include "os/host_name.h"

#include <limits.h>
#include <unistd.h>

namespace eh::host {

std::string host_name() {
  char name[HOST_NAME_MAX + 1] = "";
  ::gethostname(name, sizeof name - 1);
  return name;
}

}  // namespace eh::host
