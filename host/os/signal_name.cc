#include "os/signal_name.h"

#include <string.h>

namespace eh::host {

std::string signal_name(int signal) {
  const char* name = ::sigabbrev_np(signal);
  return name ? std::string("SIG") + name : "signal " + std::to_string(signal);
}

}  // namespace eh::host
