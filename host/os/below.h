// Calls on what lies below a folder: the output directory, in the first place,
// into which others may be able to write. They are those of the system with a
// path below a descriptor, but follow no symbolic link on the way, except one
// that this user or root made outside of what is eh's own (".eh..."): a group
// or an experiment may lie on another disk. A descriptor of AT_FDCWD stands
// for no such folder, and such paths are followed wherever they lead. Paths may
// be longer than the system allows one to be.
//
// As the calls of the system do, they return -1 (or nothing) and set errno.
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <string>

#include "os/file.h"

namespace eh::host::below {

/// What is opened for writing or made is itself no link either. Nothing is
/// waited for: ENXIO where a FIFO to be written to has no reader.
Fd open(int at, const std::string& path, int flags, mode_t mode = 0);

int make_folder(int at, const std::string& path);
int make_link(const std::string& target, int at, const std::string& path);
/// The target of a link, "" if there is none.
std::string link_target(int at, const std::string& path);
/// Of a link, the link itself.
int status(int at, const std::string& path, struct stat& info);
bool exists(int at, const std::string& path);
/// Both paths are below `at`.
int rename(int at, const std::string& from, const std::string& to);
int remove_file(int at, const std::string& path);
int remove_empty_folder(int at, const std::string& path);
/// Sets a file's times to the file server's now.
int touch(int at, const std::string& path);

/// Where a path's last name is: the calls of the system take these two.
class Place {
 public:
  Place(int at, const std::string& path);
  explicit operator bool() const { return at_ != -1; }
  int folder() const {
    return at_;
  }  ///< -1, with errno set, if it is not there
  const char* name() const { return name_.c_str(); }

 private:
  Fd opened_;
  int at_;
  std::string name_;
};

/// Gives this user's folder the permissions that its entries need to be moved
/// or removed. Returns whether it lacked them and has them now.
bool make_usable(int at, const char* name);

}  // namespace eh::host::below
