#include "lease.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <vector>

#include "file.h"
#include "text.h"

namespace eh::host {
namespace {

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
    text.pop_back();
  return text;
}

std::string link_target(int at, const std::string& path) {
  char target[1024];
  const auto n = ::readlinkat(at, path.c_str(), target, sizeof target);
  return n > 0 ? std::string(target, static_cast<std::size_t>(n)) : "";
}

// The start time of process `pid` in clock ticks since boot (field 22 of
// /proc/PID/stat, proc(5)), 0 if there is no such process or it is a zombie.
unsigned long long start_ticks(int pid) {
  const auto stat =
      read_file(AT_FDCWD, "/proc/" + std::to_string(pid) + "/stat");
  if (!stat) return 0;
  const auto name_end = stat->rfind(')');
  if (name_end == std::string::npos) return 0;
  const auto fields = split(std::string_view(*stat).substr(name_end + 2), ' ');
  if (fields.size() < 20 || fields[0] == "Z" || fields[0] == "X") return 0;
  return std::strtoull(fields[19].c_str(), nullptr, 10);
}

// Seconds from `a` to `b`.
double between(const timespec& a, const timespec& b) {
  return static_cast<double>(b.tv_sec - a.tv_sec) +
         1e-9 * static_cast<double>(b.tv_nsec - a.tv_nsec);
}

}  // namespace

Owner Owner::self(const std::string& run_id) {
  Owner owner;
  char host[256] = "";
  ::gethostname(host, sizeof host - 1);
  owner.host = host;
  owner.boot = trimmed(
      read_file(AT_FDCWD, "/proc/sys/kernel/random/boot_id").value_or(""));
  owner.pid_namespace = link_target(AT_FDCWD, "/proc/self/ns/pid");
  owner.pid = ::getpid();
  owner.start_ticks = eh::host::start_ticks(owner.pid);
  owner.run_id = run_id;
  return owner;
}

std::string Owner::token() const {
  return "eh1|" + host + '|' + boot + '|' + pid_namespace + '|' +
         std::to_string(pid) + '|' + std::to_string(start_ticks) + '|' + run_id;
}

Owner Owner::parse(const std::string& token) {
  const auto parts = split(token, '|');
  Owner owner;
  if (parts.size() != 7 || parts[0] != "eh1") return owner;
  owner.host = parts[1];
  owner.boot = parts[2];
  owner.pid_namespace = parts[3];
  owner.pid = std::atoi(parts[4].c_str());
  owner.start_ticks = std::strtoull(parts[5].c_str(), nullptr, 10);
  owner.run_id = parts[6];
  return owner;
}

Leases::Leases(int tree, Owner self) : tree_(tree), self_(std::move(self)) {}

std::string Leases::heartbeat_path(const Owner& owner) const {
  return ".eh/runs/" + owner.run_id + "/alive";
}

void Leases::heartbeat() {
  const auto path = heartbeat_path(self_);
  if (::utimensat(tree_, path.c_str(), nullptr, 0) == 0) return;
  if (errno != ENOENT) return;  // read-only by now: others see it grow old
  make_directories(tree_, path.substr(0, path.find_last_of('/')));
  const Fd fd(::openat(tree_, path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC,
                       0666));
  if (!fd) throw_errno("cannot write '" + path + "'");
}

bool Leases::alive(const Owner& owner, const std::string& lease) const {
  if (owner.pid == 0) return false;
  if (owner == self_) return true;
  if (owner.boot == self_.boot && owner.pid_namespace == self_.pid_namespace)
    return start_ticks(owner.pid) == owner.start_ticks;
  if (owner.host == self_.host && owner.boot != self_.boot &&
      owner.pid_namespace == self_.pid_namespace)
    return false;  // this machine was started again since
  try {
    const_cast<Leases*>(this)->heartbeat();
  } catch (const std::system_error&) {
    return true;  // no clock to compare with where nothing can be written
  }
  struct stat mine, theirs;
  if (::fstatat(tree_, heartbeat_path(self_).c_str(), &mine, 0) != 0)
    return true;
  if (::fstatat(tree_, heartbeat_path(owner).c_str(), &theirs, 0) != 0 &&
      ::fstatat(tree_, lease.c_str(), &theirs, AT_SYMLINK_NOFOLLOW) != 0)
    return false;
  return between(theirs.st_mtim, mine.st_mtim) < lease_timeout_seconds;
}

Owner Leases::holder(const std::string& leaf) const {
  const auto lease = leaf + '/' + lease_file;
  const auto token = link_target(tree_, lease);
  if (token.empty()) return {};
  const Owner owner = Owner::parse(token);
  return alive(owner, lease) ? owner : Owner{};
}

Leases::Result Leases::acquire(const std::string& leaf) {
  const auto lease = leaf + '/' + lease_file;
  const auto takeover = lease + ".takeover";
  const auto token = self_.token();
  for (int round = 0; round < 100; ++round) {
    if (::symlinkat(token.c_str(), tree_, lease.c_str()) == 0) return {true, {}};
    if (errno != EEXIST) throw_errno("cannot make '" + lease + "'");
    const auto held = link_target(tree_, lease);
    if (held.empty()) continue;  // released in between
    if (held == token) return {true, {}};  // a reply that was lost
    const Owner owner = Owner::parse(held);
    if (alive(owner, lease)) return {false, owner};
    // One process at a time may remove a dead owner's lease, so that nobody
    // removes the lease that came after it.
    if (::symlinkat(token.c_str(), tree_, takeover.c_str()) != 0) {
      if (errno != EEXIST) throw_errno("cannot make '" + takeover + "'");
      const Owner other = Owner::parse(link_target(tree_, takeover));
      if (other.pid != 0 && !alive(other, takeover))
        ::unlinkat(tree_, takeover.c_str(), 0);
      ::usleep(1000);
      continue;
    }
    if (link_target(tree_, lease) == held)
      ::unlinkat(tree_, lease.c_str(), 0);
    const bool made = ::symlinkat(token.c_str(), tree_, lease.c_str()) == 0;
    ::unlinkat(tree_, takeover.c_str(), 0);
    if (made) return {true, {}};
  }
  return {false, Owner::parse(link_target(tree_, lease))};
}

void Leases::release(const std::string& leaf) {
  ::unlinkat(tree_, (leaf + '/' + lease_file).c_str(), 0);
}

}  // namespace eh::host
