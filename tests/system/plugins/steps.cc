// Experiments with checkpoints, of which a test breaks off each step that they
// take.

#include <eh/eh.hpp>
#include <random>
#include <string>
#include <vector>

namespace {

struct Walk {
  static constexpr int checkpoint_version = 1;
  int step = 0;
  std::vector<double> path;
  std::mt19937_64 random;
};

constexpr int steps = 8;

void go(eh::Run& run, Walk& walk) {
  while (walk.step < steps) {
    ++walk.step;
    walk.path.push_back(static_cast<double>(walk.random() % 1000) / 8);
    run.metric("walk", walk.step, walk.path.back());
    if (walk.step % 2 == 0)
      run.result("at " + std::to_string(walk.step), walk.path.back());
    if (walk.step % 3 == 0) run.checkpoint(walk);
  }
  run.write("path.json", walk.path);
  run.result("end", walk.path.back());
}

}  // namespace

EH_GROUP(steps_group, "one step after the other");

EH_EXPERIMENT(steps_group, "walk", [](eh::Run& run) {
  auto walk = run.resume<Walk>().value_or(Walk());
  go(run, walk);
});

// Has reported something before it goes on.
EH_EXPERIMENT(steps_group, "late", [](eh::Run& run) {
  if (run.attempt() == 2) {
    run.metric("again", 0, 0.5);
    run.result("again", true);
  }
  auto walk = run.resume<Walk>().value_or(Walk());
  go(run, walk);
});
