// Processes that descend from this one, also those that their parents left:
// they come to whoever is a subreaper (prctl(2)).
#pragma once

#include <sys/types.h>

#include <set>
#include <string>

namespace eh::host {

/// Children of this process's main thread, to which orphans come. Empty where
/// that cannot be told.
std::set<pid_t> children();

/// Whether `entry`, "NAME=value", is in the environment of a process. One that
/// ends meanwhile, or that may not be looked at, has not.
bool has_environment(pid_t pid, const std::string& entry);

/// Whether a process is about to end or has ended: it has no environment any
/// more, and its children may not have come to us yet.
bool is_ending(pid_t pid);

/// Sends a signal to a process, or to a group where `target` is negative, and
/// lets go on what is stopped, which would not act on it. Returns whether there
/// was anybody.
bool send_signal(pid_t target, int signal);

/// While it lives, orphans come to this process. At its end those with `entry`
/// in their environments are ended: by SIGTERM, and by SIGKILL after a second.
class OrphansEnd {
 public:
  explicit OrphansEnd(std::string entry);
  ~OrphansEnd();
  OrphansEnd(const OrphansEnd&) = delete;
  OrphansEnd& operator=(const OrphansEnd&) = delete;

 private:
  const std::string entry_;
  const std::set<pid_t> not_ours_;
  int subreaper_before_ = 0;
};

}  // namespace eh::host
