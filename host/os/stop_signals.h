// The signals by which somebody wants this process to end.
#pragma once

#include <signal.h>

#include <vector>

namespace eh::host {

/// SIGINT, SIGTERM and SIGHUP. What was ignored when we started stays so:
/// nohup, background jobs.
inline std::vector<int> stop_signals() {
  std::vector<int> out;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action {};
    ::sigaction(signal, nullptr, &action);
    if (action.sa_handler != SIG_IGN) out.push_back(signal);
  }
  return out;
}

}  // namespace eh::host
