// A learner whose numbers depend on all that it ever did, and on all of its
// state: whatever is not as it was after a checkpoint shows in its weights.

#include <array>
#include <chrono>
#include <eh/eh.hpp>
#include <filesystem>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

EH_GROUP(learning, "experiments that are stopped and go on");

namespace {

struct Best {
  int step = 0;
  std::vector<double> weights;
};

struct Learner {
  int step = 0;
  std::vector<double> weights = std::vector<double>(100, 0.5);
  std::mt19937_64 rng{42};
  std::normal_distribution<double> noise;
  std::map<std::string, double> scores;
  std::unordered_map<std::string, double> visits;
  std::optional<Best> best;
  std::vector<bool> mask = std::vector<bool>(100, true);
};

void learn(Learner& learner) {
  double sum = 0;
  for (std::size_t i = 0; i < learner.weights.size(); ++i) {
    const bool is_free = learner.mask[i];
    if (is_free) learner.weights[i] += 1e-2 * learner.noise(learner.rng);
    if (learner.rng() % 7 == 0) learner.mask[i] = !is_free;
    sum += learner.weights[i];
  }
  learner.visits["state " + std::to_string(learner.rng() % 50)] += sum;
  // The order of these numbers is that of the table.
  for (const auto& [name, visits] : learner.visits) sum = 0.9 * sum + visits;
  learner.weights[learner.rng() % 100] += 1e-6 * sum;
  learner.scores["step " + std::to_string(learner.step % 10)] = sum;
  if (!learner.best || sum > learner.scores.begin()->second)
    learner.best = Best{learner.step, learner.weights};
  // An odd number of draws: one is left in the distribution.
  learner.weights[0] += learner.noise(learner.rng);
  ++learner.step;
}

bool exists(eh::Run& run, const char* file) {
  return std::filesystem::exists(run.input(file));
}

/// Stays at each tenth step that it comes to until it is asked to stop, or
/// until a test lets it go on.
void learn_all(eh::Run& run) {
  const int version = exists(run, "second version") ? 2 : 1;
  auto learner = run.resume<Learner>(version).value_or(Learner());
  const int first = learner.step;
  while (learner.step < 40) {
    if (run.stop_requested()) return run.checkpoint(learner, version);
    learn(learner);
    if (learner.step % 10 != 0) continue;
    run.checkpoint(learner, version);
    while (!run.stop_requested() && !exists(run, "open"))
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  run.result("first step", first);
  run.write("weights.bin", learner.weights);
  run.write("best.json", *learner.best);
  run.write("scores.json", learner.scores);
}

}  // namespace

EH_EXPERIMENT(learning, "learns", learn_all);
EH_EXPERIMENT(learning, "learns-and-keeps", [](eh::Run& run) {
  run.keep_checkpoint();
  learn_all(run);
});
