// Experiments that log: from everywhere, a lot, and last thing before they die.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <eh/eh.hpp>
#include <filesystem>
#include <thread>
#include <vector>

#include "logging_library.h"

namespace {

struct Volume {
  int records = 1000;
  int seed = 1;
};

void from_everywhere(eh::Run& run) {
  run.log().info("from the run");
  eh::log::info("from {}", "the namespace");
  EH_LOG(info) << "from "
               << "the macro";
  log_in_library();
  std::thread([] { eh::log::info("from a thread"); }).join();
  if (const pid_t child = fork(); child == 0) {
    eh::log::info("from a process that was forked");
    _exit(0);
  } else {
    waitpid(child, nullptr, 0);
  }
}

const bool logged_while_loading = [] {
  eh::log::debug("from a static object");
  return true;
}();

void many(eh::Run& run, const Volume& volume) {
  for (int i = 0; i < volume.records; ++i) run.log().info("record {}", i);
}

void in_threads(eh::Run& run) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&run, t] {
      for (int i = 0; i < 500; ++i) run.log().info("thread {} record {}", t, i);
    });
  for (auto& thread : threads) thread.join();
}

void die(int number) {
  eh::log::warning("the last words");
  raise(number);
}

void segfault() {
  eh::log::warning("the last words");
  *static_cast<volatile int*>(nullptr) = 1;
}

void print_and_log(eh::Run& run) {
  std::printf("printed on stdout\n");
  std::fflush(stdout);
  std::fprintf(stderr, "printed on stderr\n");
  run.log().info("logged between");
  std::printf("printed \033[31mred\033[0m\rover it\n");
  std::printf("without an end");
}

/// Goes on when it is told to, so that a test sees what is shown meanwhile.
void wait_for(eh::Run& run, const char* file) {
  while (!std::filesystem::exists(run.input(file)))
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
}

void step_by_step(eh::Run& run) {
  run.log().info("first step");
  std::printf("first line\n");
  std::fflush(stdout);
  wait_for(run, "go");
  run.log().warning("second step");
  wait_for(run, "end");
}

void fail_at_first(eh::Run& run) {
  run.log().info("this is attempt {}", run.attempt());
  if (run.attempt() == 1) throw std::runtime_error("not yet");
}

void levels(eh::Run& run) {
  run.log().debug("for who looks for a mistake");
  run.log().info("two\nlines");
  run.log().warning("for who trusts the result");
  run.log().error("why it failed");
  run.log().critical("for who can still save something");
}

}  // namespace

EH_GROUP(log, "what logs");
EH_EXPERIMENT(log, "everywhere", from_everywhere);
EH_EXPERIMENT(log, "many", many, {.records = 200'000});
EH_EXPERIMENT(log, "side/{seed}", many, {.records = 2'000})
    .repeat(&Volume::seed, 16);
EH_EXPERIMENT(log, "threads", in_threads);
EH_EXPERIMENT(log, "segfault", segfault);
EH_EXPERIMENT(log, "killed", [] { die(SIGKILL); });
EH_EXPERIMENT(log, "prints", print_and_log);
EH_EXPERIMENT(log, "steps", step_by_step);
EH_EXPERIMENT(log, "retried", fail_at_first);
EH_EXPERIMENT(log, "levels", levels);

EH_GROUP(big, "texts that nobody wants in the memory as a whole");
EH_EXPERIMENT(big, "texts", [](eh::Run& run) {
  const std::string text(48'000'000, 'x');
  run.log().warning("{}", text);
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
  while (!std::filesystem::exists(run.input("open")))
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  throw std::runtime_error(text);
});
EH_EXPERIMENT(big, "results", [](eh::Run& run) {
  run.result("text", std::string(9'000'000, 'x'));
});
