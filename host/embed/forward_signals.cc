#include "embed/forward_signals.h"

#include <atomic>
#include <cerrno>

#include "os/stop_signals.h"

namespace eh::host {
namespace {

std::atomic<pid_t> receiver = 0;
std::atomic<int> early = 0;

// Both are looked at after the other was written, so that none is lost.
void forward() {
  const pid_t child = receiver;
  if (child <= 0) return;
  if (const int signal = early.exchange(0)) ::kill(child, signal);
}

void on_signal(int signal) {
  const int error = errno;
  early = signal;
  forward();
  errno = error;
}

}  // namespace

ForwardSignals::ForwardSignals() {
  receiver = 0;
  early = 0;
  for (const int signal : stop_signals()) {
    struct sigaction action {
    }, before{};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    ::sigfillset(&action.sa_mask);
    if (::sigaction(signal, &action, &before) == 0)
      before_.emplace_back(signal, before);
  }
}

ForwardSignals::~ForwardSignals() {
  for (const auto& [signal, before] : before_)
    ::sigaction(signal, &before, nullptr);
  receiver = 0;
}

void ForwardSignals::to(pid_t child) {
  receiver = child;
  forward();
}

}  // namespace eh::host
