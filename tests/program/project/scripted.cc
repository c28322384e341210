// A program that starts runs from its own code, as its arguments say, and
// prints what it gets back as lines of tab-separated fields:
//
//   scripted STEP...     with a STEP of GROUP or one of these before it
//     +PATTERN  =NAME=VALUE  :number=N (a config object)  %FILE  --force --show

#include <eh/eh.hpp>
#include <eh/host.hpp>
#include <fstream>
#include <iostream>
#include <string>

struct MyConfig : eh::Config {
  std::string message = "Hello";
  int number = 42;
  std::filesystem::path data = "data";
};
EH_CONFIG(MyConfig, message, number, data)

struct Point {
  int seed = 1;
};

static void say(eh::Run& run, const Point& point) {
  const auto& config = run.config<MyConfig>();
  if (config.number == 13 && point.seed == 2)
    throw std::runtime_error("unlucky");
  std::cout << config.message << ' ' << config.number << ' '
            << config.data.string() << ' ' << config.workers << '\n';
}

static void wait(eh::Run& run) {
  run.stop_requested();  // SIGTERM only asks from now on
  std::ofstream(run.input("waiting"));
  while (!run.stop_requested()) {
  }
}

EH_GROUP(main, "what is said", MyConfig);
EH_GROUP(slow, "what waits");
EH_EXPERIMENT(main, "say/{seed}", say).repeat(&Point::seed, 3);
EH_EXPERIMENT(slow, "wait", wait);

static void run(const eh::RunRequest& request) {
  try {
    const auto result = eh::run_group(request);
    std::cout << "exit\t" << result.exit_code << '\n';
    for (const auto& outcome : result.outcomes)
      std::cout << outcome.name << '\t' << outcome.status << '\t'
                << outcome.message << '\t' << outcome.attempt << '\t'
                << (outcome.ran     ? "ran"
                    : outcome.stale ? "stale"
                                    : "before")
                << '\t' << outcome.leaf.string() << '\n';
  } catch (const eh::RunError& error) {
    std::cout << "refused\t" << error.exit_code() << '\t' << error.what()
              << '\n';
  }
  std::cout.flush();
}

int main(int argc, char** argv) {
  if (argc > 1 && argv[1] == std::string("without-init")) {
    try {
      eh::run_group({.group = "main"});
    } catch (const std::logic_error& error) {
      std::cout << error.what() << '\n';
      return 0;
    }
    return 1;
  }
  eh::init(argc, argv);
  eh::RunRequest request;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto rest = word.substr(1);
    if (word[0] == '+') {
      request.patterns.push_back(rest);
    } else if (word[0] == '=') {
      const auto equals = rest.find('=');
      request.set.emplace_back(rest.substr(0, equals), rest.substr(equals + 1));
    } else if (word[0] == ':') {
      MyConfig config;
      config.number = std::stoi(rest);
      request.config = eh::values_json(config);
    } else if (word[0] == '%') {
      request.config_file = rest;
    } else if (word == "--force") {
      request.force = true;
    } else if (word == "--show") {
      request.show = true;
    } else if (word == "--broken") {
      request.config = "{";
    } else {
      request.group = word;
      run(request);
      request = {};
    }
  }
  std::cout << "end\n";
}
