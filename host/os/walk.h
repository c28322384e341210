// Folders with all that is in them: gone through, removed, copied, measured. No
// symbolic link is followed, and no depth is too deep.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "os/file.h"

namespace eh::host {

struct FolderEntry {
  std::string name;
  bool is_folder = false;
};

/// What is in an open folder, unsorted, without "." and "..". `path` is for
/// errors. Throws std::system_error.
std::vector<FolderEntry> list_entries(Fd folder, const std::string& path);

/// What a walk meets.
struct Met {
  int folder;                ///< that it is in
  const std::string& name;   ///< its name there
  const std::string& above;  ///< the path of the folder: "" or "a/b/"
  bool is_folder;
  unsigned depth;  ///< 0 for what stands directly in the first folder
};

struct Visitor {
  /// Of each entry; returns whether to go into it, if it is a folder.
  std::function<bool(const Met&)> met;
  /// Of a folder that is gone into, before what is in it.
  std::function<void(const Met&)> entered = {};
  /// Of a folder that was gone into, after all that is in it.
  std::function<void(const Met&)> left = {};
  /// Gives this user's own folders permissions where they cannot be listed.
  bool makes_usable = false;
  /// Does not go into folders that this user may not list.
  bool skips_unreadable = false;
};

/// Goes through all that is below `path`; does nothing where it is not a
/// folder. Throws std::system_error, and what the visitor throws.
void walk(int at, const std::string& path, const Visitor& visitor);

/// Removes a file, or a folder with all that is in it, also from folders that
/// this user has made read-only. Returns the number of files removed. Throws
/// std::system_error.
std::size_t remove_tree(int at, const std::string& path);

/// Copies a file or a folder to a place where nothing is, with times and
/// permissions; sockets, pipes and devices are left out. Calls `alive` all the
/// while. Throws std::system_error and leaves what it has copied.
void copy_tree(int at, const std::string& from, const std::string& to,
               const std::function<void()>& alive);

/// Renames, or copies and removes where a file system cannot rename folders.
/// Throws std::system_error.
void move_tree(int at, const std::string& from, const std::string& to,
               const std::function<void()>& alive);

}  // namespace eh::host
