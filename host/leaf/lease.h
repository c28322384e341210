// Who works on a leaf. A lease is a symbolic link in the leaf whose target is
// the id of a run: making one is a single atomic step on every file system,
// network ones included, and a target that short needs no block of its own.
// flock is not used; shared file systems break it.
//
// The file `alive` of a run says which process it is, and is its heartbeat. On
// the same machine (boot id and pid namespace agree) the owner is alive if its
// process is, with the start time it had. Elsewhere it is alive while the file
// is younger than a minute by the file server's clock.
//
// A lease that is taken over from another machine names the new owner in one
// step, and a second link beside it names the owner before, until the leaf's
// folder is a new one: whoever dies in between, the next one knows of both.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "contract/child.h"

namespace eh::host {

/// A host process, as leases name it.
struct Owner {
  std::string host;           ///< host name
  std::string boot;           ///< boot id of its kernel
  std::string pid_namespace;  ///< of its process
  int pid = 0;
  unsigned long long start_ticks = 0;  ///< of the process, since boot
  /// That of a run, which has one process; or "<run id>.<task>", of a task of
  /// it on a cluster.
  std::string run_id;

  bool operator==(const Owner&) const = default;
  bool exists() const { return !run_id.empty(); }

  /// This process.
  static Owner self(const std::string& run_id);
  std::string text() const;
  /// Reads text(); an Owner with pid 0 if it is none.
  static Owner parse(const std::string& text);
};

class Leases {
 public:
  /// `tree` is the descriptor of the output directory, which stays open;
  /// `self` the owner of what this object acquires.
  Leases(int tree, Owner self);
  /// The id of its owner.
  const std::string& owner() const { return self_.run_id; }
  /// Seconds since boot, also while the machine sleeps.
  std::function<double()> clock;

  struct Result {
    bool acquired = false;
    /// From an owner on another machine that seems dead. It may only have been
    /// cut off, and go on writing where its processes are. So it says as well
    /// after one that died between taking a lease over and giving it back.
    bool taken_over = false;
    Owner holder = {};  ///< who has it if not acquired
  };
  /// Takes the lease of `leaf`, a path below the tree, from a dead owner too.
  /// Throws std::system_error; ENOENT if the leaf's folder is not there.
  Result acquire(const std::string& leaf);
  /// The same for a link of any name, which is to claim something else.
  Result acquire_link(const std::string& lease);
  /// Gives the lease back, if it still is this process's.
  void release(const std::string& leaf);
  /// The same where it was taken over, and nothing has come of it: it is again
  /// that of the owner that seems dead, so that who comes next knows.
  void put_back(const std::string& leaf);
  void release_link(const std::string& lease);
  /// Whether another process has taken the lease, as this one seemed dead, and
  /// keeps this one's `attempt`: it may be done by now. Without a lease that an
  /// experiment deleted itself nothing is lost.
  bool lost(const std::string& leaf, unsigned attempt) const;

  /// Whether the owner with this id is alive.
  bool lives(const std::string& run_id) const;
  /// The id of the owner that a leaf's lease names, dead or alive; or "".
  std::string named(const std::string& leaf) const;

  /// The live owner of a leaf's lease, if it exists().
  Owner holder(const std::string& leaf) const;

  /// Says that this process is alive; to be called before the first lease is
  /// acquired and every few seconds. Throws std::system_error.
  void heartbeat();
  /// The same where a full disk, say, is no reason to end: it shows elsewhere.
  void try_heartbeat() noexcept;
  /// The same where the newest is some seconds old: amid something long.
  void keep_alive() noexcept;

 private:
  /// The owner that a lease names; with pid 0 if its run says nothing.
  Owner owner_of(const std::string& run_id) const;
  Result acquire_link(const std::string& lease, bool remembers);
  bool replace(const std::string& lease, const Owner& dead, bool remembers,
               bool& taken_over) const;
  bool is_here(const Owner& owner) const;
  bool alive(const Owner& owner, const std::string& lease) const;
  int tree_;
  Owner self_;
  std::set<std::string> taken_over_;
  // By the clock.
  double beat_at_ = 0;       // the newest heartbeat
  double trusted_from_ = 0;  // the heartbeats of others
};

/// The file of an owner that says which process it is: of a run, or of a task,
/// whose id has a dot in it.
std::string alive_file(const std::string& run_id);

/// Where a leaf keeps an earlier attempt: "/.eh/attempts/1".
std::string attempt_folder(unsigned number);

inline constexpr const auto& lease_file = contract::lease_file;
inline constexpr double heartbeat_seconds = 10;
inline constexpr double lease_timeout_seconds = 60;

}  // namespace eh::host
