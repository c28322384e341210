// Experiments that give something to report, and one that lasts until a test
// lets it end.

#include <chrono>
#include <cstdio>
#include <eh/eh.hpp>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>

struct Number {
  int i = 1;
};

EH_GROUP(report, "what a run reports");

EH_EXPERIMENT(report, "gate", [](eh::Run& run) {
  while (!std::filesystem::exists(run.input("open")))
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
});
EH_EXPERIMENT(report, "flaky", [](eh::Run& run) {
  if (run.attempt() == 1) throw std::runtime_error("not yet");
}).retries(1);
EH_EXPERIMENT(report, "odd", [] {
  throw std::runtime_error("<!channel> & <@U1> `rm` *bold*");
});
EH_EXPERIMENT(report, "long",
              [] { throw std::runtime_error(std::string(20'000, '<')); });
EH_EXPERIMENT(report, "many/{i}", [](eh::Run&, const Number& p) {
  throw std::runtime_error("number " + std::to_string(p.i));
}).repeat(&Number::i, 100);
EH_EXPERIMENT(report, "fine/{i}", [](eh::Run&, const Number&) {
}).repeat(&Number::i, 3);
EH_EXPERIMENT(report, "process", [](eh::Run& run) {
  std::ofstream out("seen.txt");
  for (const char* file : {"environ", "cmdline", "maps"})
    out << std::ifstream(std::string("/proc/self/") + file).rdbuf() << '\n';
  while (!std::filesystem::exists(run.input("open")))
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
});
EH_EXPERIMENT(report, "logs", [](eh::Run& run) {
  run.log().info("this looks right");
  run.log().warning("this looks wrong");
  run.log().error("this is wrong <!here>");
  std::printf("printed\n");
});
