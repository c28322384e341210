// Experiments that take long and differ in what they make of a request to
// stop. All of them end by themselves after a minute at most.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <eh/eh.hpp>
#include <thread>

namespace {

using Clock = std::chrono::steady_clock;

volatile unsigned long spins = 0;

void sleep_on(eh::Run& run) {
  run.log().info("sleeping");
  const auto end = Clock::now() + 60s;
  while (Clock::now() < end) std::this_thread::sleep_for(50ms);
}

void spin_on() {
  const auto end = Clock::now() + 60s;
  while (Clock::now() < end) spins = spins + 1;
}

void sleep_on_whatever_comes(eh::Run& run) {
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGALRM})
    std::signal(signal, SIG_IGN);
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  sleep_on(run);
}

/// Counts tenths of a second, also those of earlier attempts.
void stop_politely(eh::Run& run) {
  int tenths = run.resume<int>().value_or(0);
  run.log().info("starting at {}", tenths);
  for (; tenths < 600; ++tenths) {
    if (run.stop_requested()) {
      run.checkpoint(tenths);
      run.log().info("stopping at {}", tenths);
      return;
    }
    std::this_thread::sleep_for(100ms);
  }
}

struct Sleep {
  double seconds = 0.2;  // at most 60
};

void sleep_a_while(const Sleep& p) {
  std::this_thread::sleep_for(
      std::chrono::duration<double>(std::clamp(p.seconds, 0.0, 60.0)));
}

}  // namespace

EH_EXPERIMENT(trouble, "hangs", sleep_on)
    .describe("Sleeps and never asks whether to stop");
EH_EXPERIMENT(trouble, "hangs-busy", spin_on)
    .describe("Counts and never asks whether to stop");
EH_EXPERIMENT(trouble, "ignores-sigterm", sleep_on_whatever_comes)
    .describe("Sleeps through every signal that can be blocked");
EH_EXPERIMENT(trouble, "stops-politely", stop_politely)
    .describe("Keeps a checkpoint and returns when it is asked to stop");
EH_EXPERIMENT(trouble, "sleeps", sleep_a_while)
    .describe("Sleeps for a moment, which is no trouble at all");
