// Experiments that come between eh and its own files, and ones that print.

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <eh/eh.hpp>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

void report(eh::Run& run, int number) {
  run.log().info("line {}", number);
  run.metric("m", number, number / 2.0);
  run.result("r" + std::to_string(number), number);
  run.write("data-" + std::to_string(number) + ".txt", std::string("data"));
  run.checkpoint(number);
}

std::vector<int> descriptors() {
  std::vector<int> out;
  DIR* folder = ::opendir("/proc/self/fd");
  while (const dirent* entry = ::readdir(folder))
    if (const int fd = std::atoi(entry->d_name);
        fd > 2 && fd != ::dirfd(folder))
      out.push_back(fd);
  ::closedir(folder);
  return out;
}

// Every descriptor but the first three becomes one of a file of its own.
void take_descriptors(const char* file) {
  const auto all = descriptors();
  const int mine = ::open(file, O_WRONLY | O_CREAT | O_APPEND, 0666);
  if (::write(mine, "mine\n", 5) != 5) throw std::runtime_error("cannot write");
  for (const int fd : all) ::dup2(mine, fd);
}

void close_descriptors(const char*) {
  for (const int fd : descriptors()) ::close(fd);
}

void wait_for(const char* file) {
  while (!std::filesystem::exists(file))
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
}

// A test moves the leaf away when there is a file `ready` in it, and puts
// another in its place.
void be_moved(eh::Run& run, void (*meanwhile)(const char*)) {
  if (meanwhile == take_descriptors) report(run, 1);
  run.write("ready", std::string());
  wait_for("go");
  if (meanwhile) meanwhile("mine.txt");
  report(run, 2);
}

void print_and(int signal) {
  std::printf("a line\nno line");
  ::raise(signal);
}

}  // namespace

EH_GROUP(own, "what is eh's own, and what is printed");

EH_EXPERIMENT(own, "taken", [](eh::Run& run) {
  report(run, 1);
  take_descriptors("mine.txt");
  report(run, 2);
  report(run, 3);
});

EH_EXPERIMENT(own, "taken-at-once", [](eh::Run& run) {
  take_descriptors("mine.txt");
  report(run, 1);
});

EH_EXPERIMENT(own, "taken-and-crashed", [](eh::Run& run) {
  report(run, 1);
  take_descriptors("mine.txt");
  ::raise(SIGSEGV);
});

EH_EXPERIMENT(own, "moved", [](eh::Run& run) { be_moved(run, nullptr); });
EH_EXPERIMENT(own, "moved-and-closed",
              [](eh::Run& run) { be_moved(run, close_descriptors); });
EH_EXPERIMENT(own, "moved-and-taken",
              [](eh::Run& run) { be_moved(run, take_descriptors); });

EH_EXPERIMENT(own, "print/crash", [](eh::Run&) { print_and(SIGSEGV); });
EH_EXPERIMENT(own, "print/kill", [](eh::Run&) { print_and(SIGKILL); });
EH_EXPERIMENT(own, "print/stream", [](eh::Run&) {
  std::ios::sync_with_stdio(false);
  std::cout << "a line\nno line";
  ::raise(SIGSEGV);
});
EH_EXPERIMENT(own, "print/held", [](eh::Run&) {
  std::thread([] {
    ::flockfile(stdout);
    std::fputs("a line\nno line", stdout);
    ::raise(SIGSEGV);
  }).join();
});
EH_EXPERIMENT(own, "print/held-by-another", [](eh::Run&) {
  std::printf("a line\nno line");
  std::thread([] { ::flockfile(stdout); }).join();
  ::raise(SIGSEGV);
});
EH_EXPERIMENT(own, "print/buffered", [](eh::Run&) {
  std::setvbuf(stdout, nullptr, _IOFBF, 4096);
  std::printf("a line\n");
  ::raise(SIGKILL);
});

// The second process cannot write what it reports.
EH_EXPERIMENT(own, "forked-loss", [](eh::Run& run) {
  run.metric("m", 0, 0);
  const auto before = ::fork();
  if (before == 0) {
    std::filesystem::remove("metrics.jsonl");
    std::filesystem::create_directory("metrics.jsonl");
    for (const int fd : descriptors()) ::close(fd);
    run.metric("m", 1, 1);
    ::_exit(0);
  }
  ::waitpid(before, nullptr, 0);
});
