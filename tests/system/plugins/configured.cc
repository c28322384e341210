// Groups with configuration classes, and experiments that say what they got.

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <eh/eh.hpp>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <thread>

enum class Method { fast, exact };

struct Model {
  int layers = 3;
  double rate = 0.1;
  Method method = Method::fast;
};

struct MyConfig : eh::Config {
  std::string message = "Hello";
  int number = 42;
  Model model;
  std::vector<double> rates = {0.1, 0.3};
  std::map<std::string, int> limits = {{"a", 1}};
  std::optional<int> cap;
  std::filesystem::path data = "data";
  eh::Duration pause = std::chrono::seconds(1);

  MyConfig() {
    slurm.gpus = 1;
    grace_period = std::chrono::seconds(3);
  }
  int twice() const { return 2 * number; }
};
EH_CONFIG(MyConfig, message, number, model, rates, limits, cap, data, pause)

// A plain struct will do, too.
struct Other {
  double number = 0.5;
  std::string extra = "extra";
};

// Of a name that eh has a variable for, and with values below zero.
struct Seeded {
  int seed = 5;
  eh::Duration shift{-1.5};
  std::chrono::nanoseconds ticks{-5};
};

struct Point {
  int seed = 1;
};

static void say(eh::Run& run, const Point&) {
  const auto& config = run.config<MyConfig>();
  std::cout << config.message << ' ' << config.twice() << ' '
            << config.model.layers << ' ' << config.model.rate << ' '
            << (config.model.method == Method::exact ? "exact" : "fast");
  for (const double rate : config.rates) std::cout << ' ' << rate;
  for (const auto& [name, limit] : config.limits)
    std::cout << ' ' << name << '=' << limit;
  std::cout << ' ' << config.cap.value_or(-1) << ' ' << config.data.string()
            << ' ' << config.pause.count() << ' ' << config.slurm.gpus << ' '
            << config.workers << '\n';
}

static void say_other(eh::Run& run) {
  const auto& config = run.config<Other>();
  std::cout << config.number << ' ' << config.extra << ' '
            << run.config<eh::Config>().workers << '\n';
}

static void say_seeded(eh::Run& run) {
  const auto& config = run.config<Seeded>();
  std::cout << config.seed << ' ' << config.shift.count() << ' '
            << config.ticks.count() << '\n';
}

// What this process and its environment are, for whoever looks for secrets.
static void show_process() {
  for (const char* file : {"/proc/self/environ", "/proc/self/cmdline"})
    std::cout << std::ifstream(file).rdbuf() << '\n';
}

// Fails until it was tried twice.
static void try_twice(eh::Run& run) {
  if (run.attempt() < 2) throw std::runtime_error("not yet");
}

// Ends by the time limit only.
static void wait(eh::Run& run) {
  while (!run.stop_requested())
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

EH_GROUP(main, "with a class", MyConfig);
EH_GROUP(other, "with a plain struct", Other);
EH_GROUP(seeded, "with a name of eh's", Seeded);
EH_GROUP(plain, "without");

EH_EXPERIMENT(main, "say", say);
EH_EXPERIMENT(main, "sweep/{seed}", say).repeat(&Point::seed, 3);
EH_EXPERIMENT(other, "say", say_other);
EH_EXPERIMENT(seeded, "say", say_seeded);
EH_EXPERIMENT(plain, "process", show_process);
EH_EXPERIMENT(plain, "twice", try_twice);
EH_EXPERIMENT(plain, "patient", try_twice).retries(0);
EH_EXPERIMENT(plain, "wait", wait).timeout(std::chrono::hours(1));
EH_EXPERIMENT(plain, "checkpoint", [](eh::Run& run) {
  std::ofstream("state.keep") << run.attempt();
  if (run.attempt() < 2) throw std::runtime_error("to be continued");
  std::ifstream before("earlier.keep");
  std::cout << (before ? "went on\n" : "started clean\n");
});
