#include "leaf/takeover.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <system_error>

#include "base/text.h"
#include "leaf/lease.h"
#include "os/below.h"
#include "os/walk.h"

namespace eh::host {
namespace {

constexpr std::string_view new_folder = "new-";

std::string lease_of(const std::string& folder) {
  return folder + '/' + lease_file;
}

}  // namespace

std::string moved_folder(const std::string& leaf) {
  constexpr std::string_view mark = ".eh-moved-";
  constexpr std::size_t longest_name = 255;
  const auto slash = leaf.find_last_of('/') + 1;
  auto name = leaf.substr(slash);
  if (mark.size() + name.size() > longest_name)
    name = std::to_string(stable_hash(name));
  return leaf.substr(0, slash) + std::string(mark) + name;
}

LeafTakeover::LeafTakeover(int tree, const LeafFiles& files,
                           const std::string& leaf, LeafAttempts& attempts,
                           Leases& leases, std::function<void()> alive)
    : tree_(tree),
      files_(files),
      leaf_(leaf),
      attempts_(attempts),
      leases_(leases),
      alive_(std::move(alive)),
      moved_(moved_folder(leaf)),
      new_("/.eh/" + std::string(new_folder) + leases.owner()) {}

bool LeafTakeover::is_begun() const {
  return below::exists(tree_, moved_);
}

void LeafTakeover::put_back() const {
  // Fails where another host has put it back, or is about to go on.
  below::rename(tree_, moved_, leaf_);
}

bool LeafTakeover::is_swapped() const {
  return below::exists(tree_, leaf_ + "/.eh");
}

void LeafTakeover::remove_leftovers() const {
  for (const auto& name : list_directory(tree_, leaf_ + "/.eh"))
    if (name.starts_with(new_folder))
      remove_tree(tree_, leaf_ + "/.eh/" + name);
}

void LeafTakeover::take_over() {
  try {
    make_new();
    swap();
  } catch (const std::system_error&) {
    try {
      remove_leftovers();
    } catch (const std::system_error&) {  // the next one does
    }
    throw;
  }
}

// The earlier attempt may still have its files open: those to go on with are
// copied.
void LeafTakeover::make_new() const {
  const auto folder = leaf_ + new_;
  make_directories(tree_, folder + '/' + contract::attempts_folder);
  if (below::make_link(leases_.owner(), tree_, lease_of(folder)) != 0)
    throw_errno("cannot make '" + lease_of(folder) + "'");
  if (!files_.has_checkpoint(tree_, leaf_)) return;
  for (const auto& entry : list_directory(tree_, leaf_))
    if (is_left_by_attempt(entry) && !files_.is_record(entry))
      copy_tree(tree_, leaf_ + '/' + entry, folder + '/' + entry, alive_);
  const auto opened = below::open(tree_, folder, O_RDONLY | O_DIRECTORY);
  if (!opened || ::syncfs(opened.get()) != 0)
    throw_errno("cannot copy the checkpoint in '" + leaf_ + "'");
}

// Another host that comes in between makes an empty leaf, or puts the old
// folder back, and goes when it sees whose it is.
void LeafTakeover::swap() const {
  for (int round = 0; round < 100; ++round) {
    if (below::link_target(tree_, lease_of(leaf_)) == leases_.owner() &&
        below::rename(tree_, leaf_, moved_) != 0)
      throw_errno("cannot move '" + leaf_ + "' to '" + moved_ + "'");
    if (below::rename(tree_, moved_ + new_, leaf_) == 0) return;
    if (errno != ENOENT && errno != ENOTEMPTY && errno != EEXIST) break;
    ::usleep(1000);
  }
  const int error = errno;
  put_back();
  errno = error;
  throw_errno("cannot make a new folder for '" + leaf_ + "'");
}

unsigned LeafTakeover::finish() {
  // Earlier attempts, and what else goes from one to the next.
  for (const std::string part : {contract::attempts_folder, ".eh"})
    for (const auto& name : list_directory(tree_, moved_ + '/' + part)) {
      const auto to = leaf_ + '/' + part + '/' + name;
      if (!name.starts_with(new_folder) && !below::exists(tree_, to))
        move_tree(tree_, moved_ + '/' + part + '/' + name, to, alive_);
    }
  const auto number = attempts_.number(files_.verdict(tree_, moved_));
  for (const auto& name : list_directory(tree_, moved_ + "/.eh"))
    if (name.starts_with(new_folder))
      remove_tree(tree_, moved_ + "/.eh/" + name);
  for (const std::string part : {contract::attempts_folder, ".eh"})
    below::remove_empty_folder(tree_, moved_ + '/' + part);
  for (const auto& entry : list_directory(tree_, moved_))
    if (is_lease(entry)) below::remove_file(tree_, moved_ + '/' + entry);
  return attempts_.keep_folder(moved_, number);
}

}  // namespace eh::host
