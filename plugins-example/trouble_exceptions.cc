// Experiments that fail in the orderly way: by an exception.
#include <eh/eh.hpp>
#include <stdexcept>
#include <thread>

// The group's other experiments are in the files beside this one. None of them
// harms the machine: memory, files, processes and time are bounded.
EH_GROUP(trouble, "Experiments that misbehave, each in its own way");

namespace {

void throw_error() {
  throw std::runtime_error("the sample is contaminated");
}

void throw_int() {
  throw 42;
}

void throw_huge_message() {
  throw std::runtime_error(std::string(1'000'000, 'x'));
}

// Out of sight of the compiler, which would warn of what comes below.
[[gnu::noinline]] void throw_if(bool wanted) {
  if (wanted) throw_error();
}

void throw_through_noexcept(eh::Run& run) {
  const bool wanted = run.attempt() > 0;
  [wanted]() noexcept { throw_if(wanted); }();
}

void throw_in_thread() {
  std::thread(throw_error).join();
}

}  // namespace

EH_EXPERIMENT(trouble, "throws", throw_error)
    .describe("Throws a std::runtime_error");
EH_EXPERIMENT(trouble, "throws-int", throw_int)
    .describe("Throws what is not an exception");
EH_EXPERIMENT(trouble, "huge-message", throw_huge_message)
    .describe("Throws an exception whose message has a million characters");
EH_EXPERIMENT(trouble, "terminate", throw_through_noexcept)
    .describe("Throws out of a noexcept function");
EH_EXPERIMENT(trouble, "terminate-thread", throw_in_thread)
    .describe("Throws out of a thread");
