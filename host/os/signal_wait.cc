#include "os/signal_wait.h"

#include <algorithm>
#include <chrono>

#include "os/stop_signals.h"

namespace eh::host {
namespace {

using Clock = std::chrono::steady_clock;
constexpr double beat_seconds = 5;

timespec time_of(double seconds) {
  const auto whole = static_cast<time_t>(seconds);
  return {whole,
          static_cast<long>((seconds - static_cast<double>(whole)) * 1e9)};
}

}  // namespace

SignalWait::SignalWait() {
  ::sigemptyset(&signals_);
  for (const int signal : stop_signals()) ::sigaddset(&signals_, signal);
  ::pthread_sigmask(SIG_BLOCK, &signals_, &before_);
}

SignalWait::~SignalWait() {
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

bool SignalWait::wait(double seconds, const std::function<void()>& beat) {
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  for (;;) {
    if (signal_ != 0) return false;
    beat();
    const double left = std::max(
        0.0, std::chrono::duration<double>(end - Clock::now()).count());
    const auto time = time_of(std::min(left, beat_seconds));
    if (const int got = ::sigtimedwait(&signals_, nullptr, &time); got > 0)
      signal_ = got;
    else if (left <= beat_seconds)
      return true;
  }
}

}  // namespace eh::host
