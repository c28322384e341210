// Tells whether the kernel killed something for memory, and whose it was. In
// a job of a cluster the count of its own cgroup says so, where it can be
// read; elsewhere that of the whole machine, which only a process that was
// killed itself can be held against.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace eh::host {

class OomWatch {
 public:
  /// `kills` counts those since some time in the past; `own`: of processes
  /// that this one has started alone.
  OomWatch(std::function<std::uint64_t()> kills, bool own);

  /// To be kept of an attempt that starts now.
  std::uint64_t mark() const { return own_ ? unexplained() : 0; }
  /// Whether an attempt that SIGKILL ended was killed for memory, which
  /// explains one of the kills.
  bool was_victim(std::uint64_t mark);
  /// Whether something was killed while an attempt ran that ended otherwise,
  /// and nobody else is known to be the victim.
  bool lost_process(std::uint64_t mark) const;

 private:
  std::uint64_t unexplained() const;
  std::function<std::uint64_t()> kills_;
  bool own_;
  std::uint64_t explained_;
};

/// How often the kernel has killed a process of the machine for memory since
/// boot; 0 if it does not say. Source: /proc/vmstat, proc(5).
std::uint64_t kernel_oom_kills();

/// The file that counts those of the memory cgroup of SLURM's job `job`, which
/// this process is in; nothing if it has none of its own or it does not say.
/// `root` stands before /proc and /sys.
std::optional<std::string> oom_kill_file(const std::string& job,
                                         const std::string& root = "");
/// What such a file says: "oom_kill 2" in one of its lines; otherwise 0.
std::uint64_t oom_kills_in(const std::string& file);

/// For what runs in SLURM's job `job`; "": in none.
OomWatch oom_watch(const std::string& job);

}  // namespace eh::host
