// Who works on a leaf. A lease is a symbolic link in the leaf whose target
// names its owner: making one is a single atomic step on every file system,
// network ones included, and so is reading it. flock is not used; shared file
// systems break it.
//
// An owner is a host process. On the same machine (boot id and pid namespace
// agree) it is alive if its process is, with the start time it had. Elsewhere
// it is alive while its heartbeat, a file of its run that it touches, is
// younger than a minute by the file server's clock.
#pragma once

#include <string>

namespace eh::host {

/// A host process, as leases name it.
struct Owner {
  std::string host;           ///< host name
  std::string boot;           ///< boot id of its kernel
  std::string pid_namespace;  ///< of its process
  int pid = 0;
  unsigned long long start_ticks = 0;  ///< of the process, since boot
  std::string run_id;

  bool operator==(const Owner&) const = default;

  /// This process.
  static Owner self(const std::string& run_id);
  std::string token() const;
  /// Reads token(); an Owner with pid 0 if it is none.
  static Owner parse(const std::string& token);
};

class Leases {
 public:
  /// `tree` is the descriptor of the output directory, which stays open;
  /// `self` the owner of what this object acquires.
  Leases(int tree, Owner self);

  struct Result {
    bool acquired = false;
    Owner holder;  ///< who has it if not acquired
  };
  /// Takes the lease of `leaf`, a path below the tree, from a dead owner too.
  /// Throws std::system_error; ENOENT if the leaf's folder is not there.
  Result acquire(const std::string& leaf);
  void release(const std::string& leaf);

  /// The live owner of a leaf's lease; pid 0 if there is none.
  Owner holder(const std::string& leaf) const;
  bool alive(const Owner& owner, const std::string& lease) const;

  /// Says that this process is alive; to be called every few seconds.
  void heartbeat();

 private:
  std::string heartbeat_path(const Owner& owner) const;
  int tree_;
  Owner self_;
};

inline constexpr char lease_file[] = ".eh-lease";
inline constexpr double heartbeat_seconds = 10;
inline constexpr double lease_timeout_seconds = 60;

}  // namespace eh::host
