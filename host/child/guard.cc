#include "child/guard.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "contract/child.h"
#include "os/fd.h"

namespace eh::host::child {
namespace {

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

constexpr int most_rounds = 50;
constexpr timespec pause_between{0, 2'000'000};

// The host's terminal and its signals are no concern of the guard's.
void detach() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP})
    ::signal(signal, SIG_IGN);
  ::setsid();
  ::close_range(1, ~0U, 0);
  if (::chdir("/") != 0) return;  // it then keeps a folder in use, no more
}

void wait_for_end_of_input() {
  char byte;
  for (;;) {
    const auto n = ::read(STDIN_FILENO, &byte, 1);
    if (n == 0 || (n < 0 && errno != EINTR)) return;
  }
}

// Whether `entry` is one of the zero-terminated texts.
bool contains_entry(std::string_view environment, std::string_view entry) {
  for (auto at = environment.find(entry); at != environment.npos;
       at = environment.find(entry, at + 1)) {
    const auto end = at + entry.size();
    if ((at == 0 || environment[at - 1] == '\0') &&
        (end == environment.size() || environment[end] == '\0'))
      return true;
  }
  return false;
}

// A process that is gone or a zombie has an empty environment.
bool belongs(int proc, const std::string& pid, const std::string& entry) {
  struct stat status;
  if (::fstatat(proc, pid.c_str(), &status, 0) != 0 ||
      status.st_uid != ::geteuid())
    return false;
  OwnFd file(::openat(proc, (pid + "/environ").c_str(), O_RDONLY | O_CLOEXEC));
  std::string environment;
  if (!file.ok() || read_rest(file.get(), environment) != 0) return false;
  return contains_entry(environment, entry);
}

// Returns how many it found.
int kill_all(const std::string& entry) {
  const std::unique_ptr<DIR, CloseDirectory> proc(::opendir("/proc"));
  if (!proc) return 0;
  int found = 0;
  while (const dirent* item = ::readdir(proc.get())) {
    const auto pid = static_cast<pid_t>(std::atoi(item->d_name));
    if (pid <= 1 || pid == ::getpid()) continue;
    if (!belongs(::dirfd(proc.get()), item->d_name, entry)) continue;
    ++found;
    ::kill(pid, SIGKILL);
  }
  return found;
}

}  // namespace

int guard(const std::string& owner) {
  detach();
  wait_for_end_of_input();
  const auto entry = std::string(contract::env_owner) + "=" + owner;
  // More than once: a process may have forked while it was looked at.
  for (int round = 0; round < most_rounds && kill_all(entry) > 0; ++round)
    ::nanosleep(&pause_between, nullptr);
  return 0;
}

}  // namespace eh::host::child
