// Experiments that last until a test lets them go on.
#include <chrono>
#include <cstdlib>
#include <eh/eh.hpp>
#include <filesystem>
#include <thread>

static void wait(eh::Run& run) {
  run.write("started.txt", std::string("started"));
  while (!std::filesystem::exists(run.input("open")))
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
}

EH_GROUP(slow, "What takes its time");
EH_EXPERIMENT(slow, "first", wait);
EH_EXPERIMENT(slow, "second", wait);
// Runs while the program is described, before anything of it is copied.
EH_REGISTER(slow, group) {
  if (const char* file = std::getenv("MEASURE_REMOVES"))
    std::filesystem::remove(file);
  group.add("third", [] {});
}
