// While a run is going on, whoever wants this process to end is heard by
// eh-host, which stops the run; the program goes on.
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <utility>
#include <vector>

namespace eh::host {

class ForwardSignals {
 public:
  /// From now on such signals end nothing, and wait for to().
  ForwardSignals();
  ~ForwardSignals();
  ForwardSignals(const ForwardSignals&) = delete;
  ForwardSignals& operator=(const ForwardSignals&) = delete;

  /// Sends them to a child, which is not to be waited for before this ends.
  void to(pid_t child);

 private:
  std::vector<std::pair<int, struct sigaction>> before_;
};

}  // namespace eh::host
