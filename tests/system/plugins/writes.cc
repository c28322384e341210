// Experiments that write while there is no room, or until they are killed.

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <eh/eh.hpp>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>

namespace {

// Takes all room of the disk that the experiment is on, and gives it back.
class Filler {
 public:
  Filler() : fd_(::open("filler", O_WRONLY | O_CREAT | O_CLOEXEC, 0666)) {
    const std::string much(64 * 1024, 'x');
    for (auto size = much.size(); size > 0;)
      if (::write(fd_, much.data(), size) < 0) size /= 2;
  }
  ~Filler() {
    ::close(fd_);
    std::remove("filler");
  }
  Filler(const Filler&) = delete;
  Filler& operator=(const Filler&) = delete;

 private:
  int fd_;
};

struct Numbers {
  static constexpr int checkpoint_version = 1;
  int attempts = 0;
  int writes = 0;
  std::array<int, 20'000> values{};
};

Numbers resumed(eh::Run& run) {
  auto state = run.resume<Numbers>().value_or(Numbers());
  for (const int value : state.values)
    if (value != state.writes) throw std::runtime_error("a torn checkpoint");
  ++state.attempts;
  return state;
}

void keep(eh::Run& run, Numbers& state) {
  state.values.fill(++state.writes);
  run.checkpoint(state);
}

struct Number {
  int i = 1;
};

void write_all_ways(eh::Run& run) {
  run.write("written.txt", std::string(10'000, 'w'));
  run.write("deep/written.txt", std::string(10'000, 'w'));
  run.write(run.input("elsewhere-" + std::string(run.name())).string(), "e");
  std::ofstream("deep/own.txt") << std::string(10'000, 'o');
  run.log().info("all written");
  run.metric("m", 1, 2);
  run.result("r", 3);
}

}  // namespace

EH_GROUP(disk, "where there is no room");
EH_GROUP(power, "what is to be there when the power fails");
EH_GROUP(killed, "what goes on until it is killed");

EH_EXPERIMENT(disk, "metrics", [](eh::Run& run) {
  run.metric("m", 0, 0.5);
  const Filler filler;
  for (int i = 1; i <= 10'000; ++i) run.metric("m", i, i / 4.0);
});

EH_EXPERIMENT(disk, "results", [](eh::Run& run) {
  run.result("kept", 1);
  const Filler filler;
  for (int i = 0; i < 1000; ++i) run.result("lost " + std::to_string(i), i);
});

EH_EXPERIMENT(disk, "checkpoint", [](eh::Run& run) {
  auto state = resumed(run);
  run.result("attempts", state.attempts);
  run.result("writes", state.writes);
  if (state.attempts > 1) return;
  keep(run, state);
  const Filler filler;
  keep(run, state);
});

EH_EXPERIMENT(power, "long", [](eh::Run& run) {
  std::this_thread::sleep_for(std::chrono::milliseconds(1001));
  write_all_ways(run);
});

EH_EXPERIMENT(power, "short/{i}", [](eh::Run& run, const Number&) {
  run.write("written.txt", "short");
}).repeat(&Number::i, 40);

// Is killed with its checkpoint, unless it goes on.
EH_EXPERIMENT(power, "checkpoint", [](eh::Run& run) {
  auto state = resumed(run);
  run.result("attempts", state.attempts);
  run.metric("m", state.attempts, 0.5);
  if (state.attempts > 1) return;
  keep(run, state);
  ::raise(SIGKILL);
});

EH_EXPERIMENT(killed, "checkpoint", [](eh::Run& run) {
  auto state = resumed(run);
  run.result("attempts", state.attempts);
  run.write("process.txt", std::to_string(::getpid()));
  do {
    keep(run, state);
  } while (::access(run.input("open").c_str(), F_OK) != 0);
  run.result("writes", state.writes);
});

EH_EXPERIMENT(killed, "metrics", [](eh::Run& run) {
  for (int i = 0;; ++i) {
    run.metric("m", i, i / 4.0);
    run.result("so far", i);
    if (i == 1000) run.write("process.txt", std::to_string(::getpid()));
  }
});
