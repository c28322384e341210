// While it lives, no signal reaches this thread, nor threads that it starts:
// they are for the thread that waits for them, or for later.
#pragma once

#include <signal.h>

#include <initializer_list>

namespace eh::host {

class SignalsBlocked {
 public:
  /// All but those of `except`, which stay as they are.
  explicit SignalsBlocked(std::initializer_list<int> except = {}) {
    sigset_t signals;
    ::sigfillset(&signals);
    for (const int signal : except) ::sigdelset(&signals, signal);
    ::pthread_sigmask(SIG_BLOCK, &signals, &before_);
  }
  ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

}  // namespace eh::host
