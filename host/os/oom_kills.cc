#include "os/oom_kills.h"

#include <fcntl.h>

#include <algorithm>
#include <cstdlib>
#include <system_error>
#include <vector>

#include "base/text.h"
#include "os/file.h"

namespace eh::host {
namespace {

std::string read(const std::string& path) {
  try {
    return read_file(AT_FDCWD, path).value_or("");
  } catch (const std::system_error&) {
    return {};
  }
}

// A mounted hierarchy of cgroups.
struct Mount {
  std::string root;   // the cgroup that is mounted
  std::string point;  // where
};

// The value of /proc/self/mountinfo has octal escapes, of which paths of
// cgroups need none. Fields: cgroups(7), proc(5).
std::optional<Mount> find_mount(const std::string& mountinfo, bool v2) {
  for (const auto& line : split(mountinfo, '\n')) {
    const auto dash = line.find(" - ");
    if (dash == line.npos) continue;
    const auto fields = split(line.substr(0, dash), ' ');
    const auto kind = split(line.substr(dash + 3), ' ');
    if (fields.size() < 5 || kind.size() < 3) continue;
    if (kind[0] != (v2 ? "cgroup2" : "cgroup")) continue;
    const auto options = split(kind[2], ',');
    if (v2 ||
        std::find(options.begin(), options.end(), "memory") != options.end())
      return Mount{fields[3], fields[4]};
  }
  return {};
}

// The path of the own cgroup below `mount`; a container may see another root.
std::string path_below(const Mount& mount, const std::string& cgroup) {
  auto rest = cgroup;
  if (mount.root != "/" && rest.starts_with(mount.root))
    rest.erase(0, mount.root.size());
  return rest == "/" ? mount.point : mount.point + rest;
}

std::size_t count_at(const std::string& text) {
  constexpr std::string_view name = "oom_kill ";
  const auto at = text.starts_with(name) ? 0 : text.find("\noom_kill ");
  return at == text.npos ? text.npos : text.find(' ', at) + 1;
}

}  // namespace

OomWatch::OomWatch(std::function<std::uint64_t()> kills, bool own)
    : kills_(std::move(kills)), own_(own), explained_(kills_()) {}

std::uint64_t OomWatch::unexplained() const {
  const auto kills = kills_();
  return kills > explained_ ? kills - explained_ : 0;
}

bool OomWatch::was_victim(std::uint64_t mark) {
  if (unexplained() <= mark) return false;
  ++explained_;  // another may have been killed as well
  return true;
}

bool OomWatch::lost_process(std::uint64_t mark) const {
  return own_ && unexplained() > mark;
}

std::uint64_t kernel_oom_kills() {
  return oom_kills_in("/proc/vmstat");
}

std::uint64_t oom_kills_in(const std::string& file) {
  const auto text = read(file);
  const auto at = count_at(text);
  return at == text.npos ? 0 : std::strtoull(&text[at], nullptr, 10);
}

std::optional<std::string> oom_kill_file(const std::string& job,
                                         const std::string& root) {
  if (job.empty()) return {};
  // Where SLURM makes no cgroup, that of the node's daemon is not the job's
  // own.
  const auto folder = "/job_" + job + '/';
  const auto mounts = read(root + "/proc/self/mountinfo");
  std::string v1, v2;
  for (const auto& line : split(read(root + "/proc/self/cgroup"), '\n')) {
    const auto parts = split(line, ':');  // hierarchy, controllers, path
    if (parts.size() < 3) continue;
    const auto path = line.substr(parts[0].size() + parts[1].size() + 2);
    const auto controllers = split(parts[1], ',');
    if (parts[0] == "0" && parts[1].empty())
      v2 = path;
    else if (std::find(controllers.begin(), controllers.end(), "memory") !=
             controllers.end())
      v1 = path;
  }
  for (const bool is_v2 : {false, true}) {
    const auto& path = is_v2 ? v2 : v1;
    if ((path + '/').find(folder) == path.npos) continue;
    const auto mount = find_mount(mounts, is_v2);
    if (!mount) continue;
    auto file = root + path_below(*mount, path) +
                (is_v2 ? "/memory.events" : "/memory.oom_control");
    const auto text = read(file);
    if (count_at(text) != text.npos) return file;
  }
  return {};
}

OomWatch oom_watch(const std::string& job) {
  if (const auto file = oom_kill_file(job))
    return {[file = *file] { return oom_kills_in(file); }, true};
  return {kernel_oom_kills, false};
}

}  // namespace eh::host
