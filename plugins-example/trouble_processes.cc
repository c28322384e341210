// Experiments that leave processes behind, which end after a minute. Their
// numbers are written to process.txt.
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <eh/eh.hpp>
#include <stdexcept>
#include <string>
#include <system_error>

namespace {

[[noreturn]] void refuse(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

[[noreturn]] void sleep_and_exit() {
  for (unsigned left = 60; left > 0;) left = sleep(left);
  _exit(0);
}

void leak_child(eh::Run& run) {
  const pid_t child = fork();
  if (child < 0) refuse("cannot start a process");
  if (child == 0) sleep_and_exit();
  run.write("process.txt", std::to_string(child) + "\n");
}

/// The daemon has a session of its own, and no parent that waits for it.
void leak_daemon(eh::Run& run) {
  int ends[2];
  if (pipe(ends) != 0) refuse("cannot make a pipe");
  const pid_t child = fork();
  if (child < 0) refuse("cannot start a process");
  if (child == 0) {
    setsid();
    const pid_t grandchild = fork();
    if (grandchild == 0) {
      close(ends[0]);
      close(ends[1]);
      sleep_and_exit();
    }
    _exit(write(ends[1], &grandchild, sizeof grandchild) > 0 ? 0 : 1);
  }
  close(ends[1]);
  pid_t its_id = -1;
  const bool known = read(ends[0], &its_id, sizeof its_id) == sizeof its_id;
  close(ends[0]);
  waitpid(child, nullptr, 0);
  if (!known || its_id < 0)
    throw std::runtime_error("cannot start a process: the system refuses");
  run.write("process.txt", std::to_string(its_id) + "\n");
}

}  // namespace

EH_EXPERIMENT(trouble, "leaks-child", leak_child)
    .describe("Leaves a sleeping child of its own process group");
EH_EXPERIMENT(trouble, "leaks-daemon", leak_daemon)
    .describe("Leaves a sleeping daemon outside of its process group");
