// The folder of the attempt that this process runs, and descriptors that are
// eh's own among those of an experiment. Another host that takes an attempt for
// dead moves its folder away and puts a new one in its place: what is opened by
// path would land there. And an experiment may close every descriptor and open
// files of its own in their places: what is written without a look would land
// in them.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <string>

namespace eh::host::child {

/// A file or folder, whatever it is called.
struct FileId {
  dev_t device = 0;
  ino_t inode = 0;
  bool operator==(const FileId&) const = default;
};

/// Moves a descriptor that was just opened up to numbers that nobody else uses,
/// if there are any. Returns the new one, or the old one.
int move_away(int fd);

/// Whether the descriptor is open and leads to this file. Callable from a
/// signal handler, as is the other.
bool leads_to(int fd, const FileId& id);

class Leaf {
 public:
  /// The working directory, whose path the host says, for an attempt of this
  /// number. It stays where it is opened: to move it away would cost each
  /// experiment two system calls, and it is looked at before each use.
  Leaf(const std::string& path, const std::string& attempt);
  Leaf(const Leaf&) = delete;
  Leaf& operator=(const Leaf&) = delete;

  /// Its descriptor. Where the experiment closed it, it is opened again: at its
  /// path, or where another host keeps the attempt. -1 with errno if it is not
  /// to be found. Callable from any thread and from a signal handler.
  int get();
  /// As get(), before anything could have closed it; errno is of opening it.
  int unchecked() const { return fd_; }
  /// Whether another folder is where the host made it.
  bool is_replaced() const;
  /// As get(); or the folder that is there now, if the experiment removed its
  /// own. Not to be called beside the others.
  int get_or_replace();

 private:
  int find() const;
  const std::string path_;
  const std::string kept_;
  std::atomic<int> fd_;
  FileId id_;
};

}  // namespace eh::host::child
