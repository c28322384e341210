#include "leaf/lease.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <system_error>
#include <vector>

#include "base/text.h"
#include "os/below.h"
#include "os/file.h"
#include "os/host_name.h"

namespace eh::host {
namespace {

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
    text.pop_back();
  return text;
}

using below::link_target;

constexpr char takeover_ending[] = ".takeover";
constexpr char before_ending[] = ".before";

// The start time of process `pid` in clock ticks since boot (field 22 of
// /proc/PID/stat, proc(5)), 0 if there is no such process or it is a zombie.
// One whose main thread has ended is shown as a zombie, too, while others of
// its threads (field 20) run: they are the parents of its children then.
unsigned long long start_ticks(int pid) {
  std::optional<std::string> stat;
  try {
    stat = read_file(AT_FDCWD, "/proc/" + std::to_string(pid) + "/stat");
  } catch (const std::system_error&) {  // it ended just now
  }
  if (!stat) return 0;
  const auto name_end = stat->rfind(')');
  if (name_end == std::string::npos) return 0;
  const auto fields = split(std::string_view(*stat).substr(name_end + 2), ' ');
  if (fields.size() < 20) return 0;
  const bool is_dead = fields[0] == "Z" || fields[0] == "X";
  if (is_dead && std::atoi(fields[17].c_str()) < 2) return 0;
  return std::strtoull(fields[19].c_str(), nullptr, 10);
}

double seconds_since_boot() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return static_cast<double>(now.tv_sec) +
         1e-9 * static_cast<double>(now.tv_nsec);
}

// Seconds from `a` to `b`.
double between(const timespec& a, const timespec& b) {
  return static_cast<double>(b.tv_sec - a.tv_sec) +
         1e-9 * static_cast<double>(b.tv_nsec - a.tv_nsec);
}

}  // namespace

Owner Owner::self(const std::string& run_id) {
  Owner owner;
  owner.host = host_name();
  owner.boot = trimmed(
      read_file(AT_FDCWD, "/proc/sys/kernel/random/boot_id").value_or(""));
  owner.pid_namespace = link_target(AT_FDCWD, "/proc/self/ns/pid");
  owner.pid = ::getpid();
  owner.start_ticks = eh::host::start_ticks(owner.pid);
  owner.run_id = run_id;
  return owner;
}

std::string Owner::text() const {
  return "eh1|" + host + '|' + boot + '|' + pid_namespace + '|' +
         std::to_string(pid) + '|' + std::to_string(start_ticks) + '|' + run_id;
}

Owner Owner::parse(const std::string& text) {
  const auto parts = split(text, '|');
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

std::string alive_file(const std::string& run_id) {
  const auto dot = run_id.find('.');
  if (dot == run_id.npos) return ".eh/runs/" + run_id + "/alive";
  // A folder holds a thousand tasks.
  const auto task = run_id.substr(dot + 1);
  return ".eh/runs/" + run_id.substr(0, dot) + "/owners/" +
         std::to_string(std::strtoul(task.c_str(), nullptr, 10) / 1000) + '/' +
         task;
}

std::string attempt_folder(unsigned number) {
  return std::string("/") + contract::attempts_folder + '/' +
         std::to_string(number);
}

Leases::Leases(int tree, Owner self)
    : clock(seconds_since_boot), tree_(tree), self_(std::move(self)) {}

void Leases::heartbeat() {
  const auto path = alive_file(self_.run_id);
  // A cluster that lost its memory may give the same id to another job.
  const bool first = beat_at_ == 0;
  if (first || below::touch(tree_, path) != 0) {
    // Read-only by now: others see it grow old.
    if (!first && errno != ENOENT) return;
    make_directories(tree_, path.substr(0, path.find_last_of('/')));
    replace_file(tree_, path, path + ".tmp", self_.text());
  }
  // Where this one's heart stood still, because its machine slept or the file
  // server was away, that of others may have, too: they get time to go on.
  const double now = clock();
  if (beat_at_ > 0 && now - beat_at_ > lease_timeout_seconds / 2)
    trusted_from_ = now + lease_timeout_seconds;
  beat_at_ = now;
}

Owner Leases::owner_of(const std::string& run_id) const {
  Owner unknown;
  unknown.run_id = run_id;
  if (run_id == self_.run_id) return self_;
  if (run_id.find('/') != run_id.npos) return unknown;
  try {
    const auto text = read_file(tree_, alive_file(run_id));
    const Owner owner = Owner::parse(text.value_or(""));
    return owner.run_id == run_id ? owner : unknown;
  } catch (const std::system_error&) {  // hidden from this user, say
    return unknown;
  }
}

void Leases::try_heartbeat() noexcept {
  try {
    heartbeat();
  } catch (const std::system_error&) {
  }
}

void Leases::keep_alive() noexcept {
  if (beat_at_ > 0 && clock() - beat_at_ >= heartbeat_seconds) try_heartbeat();
}

bool Leases::is_here(const Owner& owner) const {
  return owner.pid != 0 && owner.boot == self_.boot &&
         owner.pid_namespace == self_.pid_namespace;
}

bool Leases::alive(const Owner& owner, const std::string& lease) const {
  if (owner == self_) return true;
  if (is_here(owner))
    return start_ticks(owner.pid) == owner.start_ticks ||
           (::kill(owner.pid, 0) != 0 && errno == EPERM);  // hidden from us
  if (clock() < trusted_from_) return true;
  // Compare with the file server's clock, where this process may write.
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  struct stat mine, theirs;
  const auto my_file = alive_file(self_.run_id);
  if (!self_.run_id.empty() && below::touch(tree_, my_file) == 0 &&
      below::status(tree_, my_file, mine) == 0)
    now = mine.st_mtim;
  if (below::status(tree_, alive_file(owner.run_id), theirs) != 0) {
    // Of another user whose files are hidden from this one.
    if (errno == EACCES || errno == EPERM) return true;
    if (below::status(tree_, lease, theirs) != 0) return false;
  }
  return between(theirs.st_mtim, now) < lease_timeout_seconds;
}

bool Leases::lives(const std::string& run_id) const {
  return alive(owner_of(run_id), alive_file(run_id));
}

std::string Leases::named(const std::string& leaf) const {
  return link_target(tree_, leaf + '/' + lease_file);
}

Owner Leases::holder(const std::string& leaf) const {
  const auto lease = leaf + '/' + lease_file;
  const auto run_id = link_target(tree_, lease);
  if (run_id.empty()) return {};
  const Owner owner = owner_of(run_id);
  return alive(owner, lease) ? owner : Owner{};
}

Leases::Result Leases::acquire(const std::string& leaf) {
  Result lease;
  try {
    lease = acquire_link(leaf + '/' + lease_file, true);
  } catch (const std::system_error& error) {
    // A folder of this user's that is read-only.
    const below::Place place(tree_, leaf);
    if (error.code().value() != EACCES || !place ||
        !below::make_usable(place.folder(), place.name()))
      throw;
    lease = acquire_link(leaf + '/' + lease_file, true);
  }
  if (lease.taken_over) taken_over_.insert(leaf);
  return lease;
}

// Puts the link ".takeover" in the place of a dead owner's. What it was is
// known at each moment.
bool Leases::replace(const std::string& lease, const Owner& dead,
                     bool remembers, bool& taken_over) const {
  const auto before = lease + before_ending;
  taken_over = !is_here(dead);
  if (remembers && taken_over &&
      below::make_link(dead.run_id, tree_, before) != 0 && errno != EEXIST)
    return false;
  taken_over = taken_over || (remembers && below::exists(tree_, before));
  return below::rename(tree_, lease + takeover_ending, lease) == 0;
}

Leases::Result Leases::acquire_link(const std::string& lease) {
  return acquire_link(lease, false);
}

Leases::Result Leases::acquire_link(const std::string& lease, bool remembers) {
  const auto takeover = lease + takeover_ending;
  const auto& mine = self_.run_id;
  for (int round = 0; round < 100; ++round) {
    if (below::make_link(mine, tree_, lease) == 0) return {true};
    if (errno != EEXIST) throw_errno("cannot make '" + lease + "'");
    const auto held = link_target(tree_, lease);
    if (held.empty()) {
      // Released in between; or no link at all but the copy of one.
      if (errno == EINVAL) below::remove_file(tree_, lease);
      continue;
    }
    if (held == mine) return {true};  // a reply that was lost
    const Owner owner = owner_of(held);
    if (alive(owner, lease)) return {false, false, owner};
    // One process at a time may replace a dead owner's lease, so that nobody
    // replaces the lease that came after it.
    if (below::make_link(mine, tree_, takeover) != 0) {
      if (errno != EEXIST) throw_errno("cannot make '" + takeover + "'");
      const auto other = link_target(tree_, takeover);
      if (!other.empty() && !alive(owner_of(other), takeover))
        below::remove_file(tree_, takeover);
      ::usleep(1000);
      continue;
    }
    bool taken_over = false;
    const bool still = link_target(tree_, lease) == held;
    if (still && replace(lease, owner, remembers, taken_over))
      return {true, taken_over};
    const int error = errno;
    below::remove_file(tree_, takeover);
    errno = error;
    if (still && error != ENOENT)
      throw_errno("cannot take over '" + lease + "'");
  }
  return {false, false, owner_of(link_target(tree_, lease))};
}

bool Leases::lost(const std::string& leaf, unsigned attempt) const {
  const auto holder = link_target(tree_, leaf + '/' + lease_file);
  return holder.empty() ? below::exists(tree_, leaf + attempt_folder(attempt))
                        : holder != self_.run_id;
}

void Leases::release(const std::string& leaf) {
  if (taken_over_.erase(leaf) > 0)
    below::remove_file(tree_, leaf + '/' + lease_file + before_ending);
  release_link(leaf + '/' + lease_file);
}

void Leases::put_back(const std::string& leaf) {
  const auto lease = leaf + '/' + lease_file;
  if (taken_over_.erase(leaf) == 0 ||
      link_target(tree_, lease) != self_.run_id ||
      below::rename(tree_, lease + before_ending, lease) != 0)
    release_link(lease);
}

void Leases::release_link(const std::string& lease) {
  if (link_target(tree_, lease) == self_.run_id)
    below::remove_file(tree_, lease);
}

}  // namespace eh::host
