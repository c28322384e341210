// Experiments that end by a signal. Each crash happens in a function of its
// own that another one calls, so that a backtrace has two names to show.
#include <sys/resource.h>

#include <csignal>
#include <cstdlib>
#include <eh/eh.hpp>

// Also in a release build.
#undef NDEBUG
#include <cassert>

namespace trouble {

volatile int sink = 0;  // keeps calls from becoming jumps, and values alive

[[gnu::noipa]] int read_from(volatile int* place) {
  return *place + 1;
}

[[gnu::noipa]] int sum_up_list(volatile int* first) {
  const int sum = read_from(first) + 2;
  sink = sum;
  return sum;
}

void crash_by_bad_pointer() {
  sink = sum_up_list(reinterpret_cast<volatile int*>(0x10));
}

void crash_by_null_call() {
  void (*volatile callback)() = nullptr;
  callback();
  sink = 1;
}

[[gnu::noipa]] void give_up() {
  std::abort();
}

void crash_by_abort() {
  give_up();
  sink = 1;
}

void crash_by_assertion(eh::Run& run) {
  const unsigned samples = run.attempt() - run.attempt();
  assert(samples > 0 && "there have to be samples");
  sink = 1;
}

[[gnu::noipa]] int average(int sum, int count) {
  return sum / count;
}

void crash_by_division() {
  sink = average(7, 0);
  std::raise(SIGFPE);  // not every processor minds
}

[[gnu::noipa]] int descend(int depth) {
  volatile char frame[4096];
  frame[0] = static_cast<char>(depth);
  if (depth < 0) return 0;
  return descend(depth + 1) + frame[0];
}

void crash_by_recursion() {
  rlimit limit{};
  getrlimit(RLIMIT_STACK, &limit);
  limit.rlim_cur = 8 << 20;  // in case it is unlimited
  setrlimit(RLIMIT_STACK, &limit);
  sink = descend(0);
}

}  // namespace trouble

EH_EXPERIMENT(trouble, "segfault", trouble::crash_by_bad_pointer)
    .describe("Reads from an address that is not there");
EH_EXPERIMENT(trouble, "null-call", trouble::crash_by_null_call)
    .describe("Calls a null pointer");
EH_EXPERIMENT(trouble, "abort", trouble::crash_by_abort)
    .describe("Calls std::abort");
EH_EXPERIMENT(trouble, "assert", trouble::crash_by_assertion)
    .describe("Fails an assertion");
EH_EXPERIMENT(trouble, "divide", trouble::crash_by_division)
    .describe("Divides an integer by zero");
EH_EXPERIMENT(trouble, "stack-overflow", trouble::crash_by_recursion)
    .describe("Calls itself without end");
