// Experiments that do not succeed at once.
#include <eh/eh.hpp>
#include <stdexcept>
#include <string>

namespace {

void pass_at_second_attempt(eh::Run& run) {
  run.log().info("attempt {}", run.attempt());
  if (run.attempt() < 2) throw std::runtime_error("bad luck, try again");
}

struct Steps {
  int done = 0;
  int attempts = 0;
};

/// Needs ten steps, of which the first attempt makes five.
void go_on_from_checkpoint(eh::Run& run) {
  Steps steps = run.resume<Steps>().value_or(Steps());
  ++steps.attempts;
  run.log().info("{} steps are done", steps.done);
  const int first = steps.done + 1;
  while (steps.done < 10) {
    ++steps.done;
    run.checkpoint(steps);
    run.metric("step", steps.done, steps.attempts);
    if (steps.attempts == 1 && steps.done == 5)
      throw std::runtime_error("interrupted after step 5");
  }
  run.write("steps.json", steps);
  run.log().info("made steps {} to {}", first, steps.done);
}

}  // namespace

EH_EXPERIMENT(trouble, "flaky", pass_at_second_attempt)
    .describe("Fails at its first attempt only");
EH_EXPERIMENT(trouble, "checkpointed", go_on_from_checkpoint)
    .describe("Fails half way, and goes on from there at its second attempt");
