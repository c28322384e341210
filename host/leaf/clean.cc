#include "leaf/clean.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "os/below.h"
#include "os/walk.h"

namespace eh::host {
namespace {

const std::string attempts_of = std::string("/") + contract::attempts_folder;

double changed_at(const struct stat& info) {
  return static_cast<double>(info.st_mtim.tv_sec) +
         1e-9 * static_cast<double>(info.st_mtim.tv_nsec);
}

}  // namespace

DiskUse& DiskUse::operator+=(const DiskUse& other) {
  files += other.files;
  bytes += other.bytes;
  return *this;
}

DiskUse disk_use(int at, const std::string& path) {
  struct stat info;
  if (below::status(at, path, info) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return {};
    throw_errno("cannot look at '" + path + "'");
  }
  if (!S_ISDIR(info.st_mode))
    return {1, static_cast<std::uint64_t>(info.st_size)};
  DiskUse use;
  walk(at, path,
       {[&](const Met& met) {
          if (met.is_folder) return true;
          struct stat its;
          if (::fstatat(met.folder, met.name.c_str(), &its,
                        AT_SYMLINK_NOFOLLOW) == 0)
            use += {1, static_cast<std::uint64_t>(its.st_size)};
          return false;
        },
        {},
        {},
        false,
        true});
  return use;
}

Cleaner::Cleaner(ResultTree& tree, CleanWanted wanted)
    : tree_(tree), wanted_(wanted) {}

// By the newest change of the folder and of what stands directly in it, which
// for a verdict is when the attempt ended.
bool Cleaner::is_old(const std::string& path) const {
  if (!wanted_.before) return true;
  struct stat info;
  if (below::status(tree_.fd(), path, info) != 0) return false;
  double newest = 0;
  for (const auto& entry : list_directory(tree_.fd(), path)) {
    const auto inside = path + '/' + entry;
    if (entry.starts_with(lease_file) ||
        below::status(tree_.fd(), inside, info) != 0)
      continue;
    newest = std::max(newest, changed_at(info));
  }
  return newest < *wanted_.before;
}

bool Cleaner::is_wanted(const std::string& leaf, LeafState::Kind kind) const {
  if (wanted_.attempts)
    return kind != LeafState::running && !old_attempts(leaf).empty();
  return ((kind == LeafState::done && wanted_.done) ||
          (kind == LeafState::failed && wanted_.failed) ||
          (kind == LeafState::unfinished && wanted_.unfinished)) &&
         is_old(leaf);
}

std::vector<std::string> Cleaner::old_attempts(const std::string& leaf) const {
  std::vector<std::string> out;
  for (const auto& entry : list_directory(tree_.fd(), leaf + attempts_of)) {
    auto path = leaf + attempts_of + '/' + entry;
    if (is_old(path)) out.push_back(std::move(path));
  }
  return out;
}

std::optional<DiskUse> Cleaner::use_of(const std::string& leaf) const {
  DiskUse use;
  if (wanted_.attempts) {
    for (const auto& path : old_attempts(leaf))
      use += disk_use(tree_.fd(), path);
    return use;
  }
  for (const auto& entry : list_directory(tree_.fd(), leaf))
    if (!entry.starts_with(lease_file))
      use += disk_use(tree_.fd(), leaf + '/' + entry);
  return use;
}

Cleaner::Found Cleaner::find(const std::string& leaf,
                             const Leases& leases) const {
  const auto kind = tree_.look(leaf, leases).kind;
  if (!is_wanted(leaf, kind)) return {kind, std::nullopt};
  return {kind, use_of(leaf)};
}

std::optional<DiskUse> Cleaner::remove(const std::string& leaf,
                                       Leases& leases) {
  if (!is_wanted(leaf, tree_.look(leaf, leases).kind)) return {};
  try {
    if (!leases.acquire(leaf).acquired) return {};
  } catch (const std::system_error& error) {
    if (error.code().value() == ENOENT) return {};  // somebody removed it
    throw;
  }
  try {
    // Another host may have run it since; nobody can from now on.
    std::optional<DiskUse> use;
    if (is_wanted(leaf, tree_.look_held(leaf).kind)) {
      use = use_of(leaf);
      if (wanted_.attempts) {
        for (const auto& path : old_attempts(leaf))
          remove_tree(tree_.fd(), path);
        below::remove_empty_folder(tree_.fd(), leaf + attempts_of);
        below::remove_empty_folder(tree_.fd(), leaf + "/.eh");
      } else {
        tree_.clear(leaf);
      }
    }
    tree_.leave(leaf, leases);
    return use;
  } catch (...) {
    leases.release(leaf);
    throw;
  }
}

}  // namespace eh::host
