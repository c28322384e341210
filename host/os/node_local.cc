#include "os/node_local.h"

#include <linux/magic.h>
#include <sys/vfs.h>

namespace eh::host {
namespace {

// Of the folder, or of the next one above it that is there.
bool is_in_memory(std::string path) {
  struct statfs info = {};
  while (::statfs(path.c_str(), &info) != 0) {
    const auto slash = path.rfind('/');
    if (slash == path.npos || path == "/") return false;
    path.resize(slash == 0 ? 1 : slash);
  }
  return info.f_type == TMPFS_MAGIC || info.f_type == RAMFS_MAGIC;
}

}  // namespace

std::string why_path_is_local(std::string_view path) {
  for (const std::string_view folder : {"/tmp", "/var/tmp", "/dev/shm", "/run"})
    if (path == folder ||
        (path.starts_with(folder) && path[folder.size()] == '/'))
      return "it is in " + std::string(folder) +
             ", which each machine has for itself";
  return {};
}

std::string why_node_local(std::string_view path) {
  auto why = why_path_is_local(path);
  if (why.empty() && is_in_memory(std::string(path)))
    why = "it is in the memory of this machine (tmpfs)";
  return why;
}

}  // namespace eh::host
