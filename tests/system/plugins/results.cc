// Experiments that leave results, metrics and checkpoints behind.

#include <signal.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <eh/eh.hpp>
#include <filesystem>
#include <limits>
#include <stdexcept>
#include <thread>

struct Queue {
  int servers = 1;
  double load = 0.5;
  int seed = 1;
};

EH_GROUP(data, "what experiments leave behind");
EH_GROUP(other, "another group");
EH_GROUP(whole, "reals that happen to be whole");
EH_GROUP(braces, "names with braces of their own");

static void measure(eh::Run& run, const Queue& p) {
  run.result("wait", p.servers * 10 + 0.1 * p.seed);
  run.result("exact", 9007199254740993);
  run.result("even", p.seed % 2 == 0);
  run.result("formula", "x, \"y\"");
  run.result("seed", p.seed + 100);
  for (int i = 1; i <= 3; ++i) run.metric("m", i, i / 4.0);
}

EH_EXPERIMENT(data, "sweep/c={servers}/{seed}", measure)
    .sweep(&Queue::servers, {1, 2})
    .repeat(&Queue::seed, 4);

EH_EXPERIMENT(data, "fails", [](eh::Run& run) {
  run.result("wait", 1);
  run.result("wait", std::numeric_limits<double>::infinity());
  throw std::runtime_error("it had to,\nreally");
});

EH_EXPERIMENT(data, "dies", [](eh::Run& run) {
  run.result("wait", 2);
  ::raise(SIGKILL);
});

static void wait_for(eh::Run& run, const char* file) {
  while (!std::filesystem::exists(run.input(file)) && !run.stop_requested())
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
}

EH_EXPERIMENT(data, "gate", [](eh::Run& run) {
  run.result("early", true);
  wait_for(run, "open");
});

struct Steps {
  static constexpr int checkpoint_version = 1;
  int attempts = 0;
  std::array<int, 100'000> values{};
};

// Counts its attempts; goes on until a test lets it end.
static void count_attempts(eh::Run& run) {
  run.stop_requested();  // SIGTERM only asks from now on
  auto state = run.resume<Steps>().value_or(Steps());
  for (const int value : state.values)
    if (value != state.attempts) throw std::runtime_error("a torn checkpoint");
  ++state.attempts;
  run.result("attempts so far", state.attempts);
  run.result("of attempt " + std::to_string(run.attempt()), true);
  state.values.fill(state.attempts);
  while (!std::filesystem::exists(run.input("open"))) {
    run.checkpoint(state);
    if (run.stop_requested()) return;
  }
}
EH_EXPERIMENT(data, "counts", count_attempts);
EH_EXPERIMENT(data, "keeps", [](eh::Run& run) {
  run.keep_checkpoint();
  count_attempts(run);
});

// Is killed in its first two attempts, between two checkpoints.
EH_EXPERIMENT(data, "plots", [](eh::Run& run) {
  const int begin = run.resume<int>().value_or(0);
  for (int step = begin; step < 2000; ++step) {
    if (step % 500 == 0) run.checkpoint(step);
    run.metric("step", step, run.attempt());
    if (run.attempt() < 3 && step == 700 * static_cast<int>(run.attempt()))
      ::raise(SIGKILL);
  }
});

EH_EXPERIMENT(data, "takes", [](eh::Run& run) {
  run.metric("m", 1, 1);
  run.log().info("here");
  const std::string address = "file://" + run.leaf().string() + "/eh.json";
  for (const std::string name :
       {"log.txt", "./metrics.jsonl", "output.txt", "eh.json", ".eh/x",
        ".eh-results", address.c_str()})
    try {
      run.write(name, std::string("mine"));
      throw std::logic_error(name);
    } catch (const std::runtime_error& error) {
      run.result(name, error.what());
    }
});

EH_EXPERIMENT(other, "one", [](eh::Run& run) { run.result("n", 1); });

EH_EXPERIMENT(whole, "load={load}", [](eh::Run& run, const Queue& p) {
  run.result("wait", 3 * p.load);
}).sweep(&Queue::load, {1.0, 2.0});

static void say_name(eh::Run& run) {
  run.result("name", std::string(run.name()));
}

EH_EXPERIMENT(braces, "plain{{}}", say_name);
EH_EXPERIMENT(braces, "set{{a,b}}/{seed}", [](eh::Run& run, const Queue&) {
  say_name(run);
}).repeat(&Queue::seed, 2);
EH_EXPERIMENT(braces, "{{seed}}={seed}", [](eh::Run& run, const Queue&) {
  say_name(run);
}).repeat(&Queue::seed, 2);
