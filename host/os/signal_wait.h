// Waiting that ends early when somebody wants this process to end: by Ctrl-C,
// a signal of the system, or a terminal that goes away.
#pragma once

#include <signal.h>

#include <functional>

namespace eh::host {

/// While it lives, such signals do not end the process: wait() tells of them.
class SignalWait {
 public:
  SignalWait();
  ~SignalWait();
  SignalWait(const SignalWait&) = delete;
  SignalWait& operator=(const SignalWait&) = delete;

  /// Calls `beat` now and then, at least every few seconds. False if a signal
  /// has come.
  bool wait(double seconds, const std::function<void()>& beat);
  /// The signal that came; 0: none has.
  int signal() const { return signal_; }

 private:
  sigset_t signals_, before_;
  int signal_ = 0;
};

}  // namespace eh::host
