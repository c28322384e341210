#include "os/descendants.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include "base/text.h"
#include "os/file.h"

namespace eh::host {

std::set<pid_t> children() {
  std::set<pid_t> out;
  try {
    const auto list =
        read_file(AT_FDCWD, "/proc/self/task/" + std::to_string(::getpid()) +
                                "/children");
    for (const auto& word : split(list.value_or(""), ' '))
      if (const int pid = std::atoi(word.c_str()); pid > 0) out.insert(pid);
  } catch (const std::system_error&) {
    // No descriptor is left, say.
  }
  return out;
}

bool has_environment(pid_t pid, const std::string& entry) {
  try {
    const auto environment =
        read_file(AT_FDCWD, "/proc/" + std::to_string(pid) + "/environ");
    const auto entries = split(environment.value_or(""), '\0');
    return std::find(entries.begin(), entries.end(), entry) != entries.end();
  } catch (const std::system_error&) {
    return false;
  }
}

// Its flags are field 9 (proc(5)), of which PF_EXITING is 4.
bool is_ending(pid_t pid) {
  try {
    const auto stat =
        read_file(AT_FDCWD, "/proc/" + std::to_string(pid) + "/stat");
    const auto name_end = stat ? stat->rfind(')') : std::string::npos;
    if (name_end == std::string::npos) return true;
    const auto fields =
        split(std::string_view(*stat).substr(name_end + 2), ' ');
    return fields.size() > 6 &&
           (std::strtoul(fields[6].c_str(), nullptr, 10) & 4) != 0;
  } catch (const std::system_error&) {
    return false;
  }
}

bool send_signal(pid_t target, int signal) {
  if (::kill(target, signal) != 0) return false;
  if (signal != SIGKILL) ::kill(target, SIGCONT);
  return true;
}

OrphansEnd::OrphansEnd(std::string entry)
    : entry_(std::move(entry)), not_ours_(children()) {
  ::prctl(PR_GET_CHILD_SUBREAPER, &subreaper_before_);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

OrphansEnd::~OrphansEnd() {
  constexpr int most_asking = 1000, most = most_asking + 20;  // milliseconds
  std::set<pid_t> asked, ended;
  for (int round = 0; round < most; ++round) {
    bool left = false;
    for (const pid_t pid : children()) {
      if (not_ours_.count(pid)) continue;
      const bool known = asked.count(pid) > 0;
      if (!known && !has_environment(pid, entry_)) {
        // Its children come to us now.
        left = left || (is_ending(pid) && ended.insert(pid).second);
        continue;
      }
      if (known && ::waitpid(pid, nullptr, WNOHANG) != 0) continue;
      left = true;
      if (round >= most_asking)
        ::kill(pid, SIGKILL);
      else if (asked.insert(pid).second)
        send_signal(pid, SIGTERM);
    }
    if (!left) break;
    ::usleep(1000);
  }
  ::prctl(PR_SET_CHILD_SUBREAPER, subreaper_before_);
}

}  // namespace eh::host
