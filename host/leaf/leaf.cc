#include "leaf/leaf.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "leaf/attempts.h"
#include "leaf/replaced.h"
#include "leaf/takeover.h"
#include "os/below.h"
#include "os/walk.h"

namespace eh::host {

ResultTree::ResultTree(const std::string& path, LeafRules rules, bool create)
    : path_(std::filesystem::absolute(path).lexically_normal().string()),
      files_(std::move(rules)) {
  while (path_.size() > 1 && path_.back() == '/') path_.pop_back();
  if (create) make_directories(AT_FDCWD, path_);
  fd_ = Fd(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd_ && (create || errno != ENOENT))
    throw_errno("cannot open the output directory '" + path_ + "'");
}

std::string ResultTree::leaf_path(const std::string& leaf) const {
  return path_ + '/' + leaf;
}

bool ResultTree::concerns_all(const std::error_code& code) const {
  switch (code.value()) {
    case EACCES:
    case EPERM:
    case EROFS:
    case EIO:
      return !is_writable();
    default:
      return is_lasting(code);
  }
}

bool ResultTree::is_writable() const {
  const auto file = ".eh/probe-" + std::to_string(::getpid());
  try {
    make_directories(fd(), ".eh");
    replace_file(fd(), file, file + ".tmp", "x");
  } catch (const std::system_error&) {
    return false;
  }
  below::remove_file(fd(), file);
  return true;
}

std::optional<Verdict> ResultTree::verdict(const std::string& leaf) const {
  if (!fd_) return {};
  return files_.verdict(fd(), leaf);
}

LeafState ResultTree::look(const std::string& leaf,
                           const Leases& leases) const {
  return look(leaf, &leases);
}

LeafState ResultTree::look_held(const std::string& leaf) const {
  return look(leaf, nullptr);
}

LeafState ResultTree::look(const std::string& leaf,
                           const Leases* leases) const {
  LeafState state;
  if (!fd_) return state;
  auto entries = list_directory(fd(), leaf);
  std::string folder = leaf;
  if (std::all_of(entries.begin(), entries.end(), is_lease)) {
    // A host may have been killed while it took the leaf over.
    auto moved = list_directory(fd(), moved_folder(leaf));
    if (!moved.empty()) {
      entries = std::move(moved);
      folder = moved_folder(leaf);
    }
  }
  if (entries.empty()) return state;
  if (leases &&
      std::find(entries.begin(), entries.end(), lease_file) != entries.end())
    state.holder = leases->holder(folder);
  state.verdict = files_.verdict(fd(), folder);
  const bool anything =
      std::any_of(entries.begin(), entries.end(), is_left_by_attempt);
  state.attempts =
      state.verdict
          ? state.verdict->attempt
          : LeafAttempts(fd(), files_, folder, {}).kept() + (anything ? 1 : 0);
  if (state.holder.exists()) {
    state.kind = LeafState::running;
  } else if (!state.verdict) {
    state.kind = anything ? LeafState::unfinished : LeafState::fresh;
  } else if (state.verdict->status == Status::ok) {
    state.kind = LeafState::done;
  } else if (is_cut_off(state.verdict->status)) {
    state.kind = LeafState::unfinished;
  } else {
    state.kind = LeafState::failed;
  }
  if (state.kind != LeafState::done)
    state.checkpoint = anything && files_.has_checkpoint(fd(), folder);
  return state;
}

ResultTree::Claim ResultTree::claim(const std::string& leaf, Leases& leases,
                                    const ClaimRules& rules) {
  return claim_leaf(fd(), files_, leaf, leases, rules);
}

void ResultTree::end_replaced(const std::string& leaf) noexcept {
  try {
    remove_replaced(fd(), leaf);
  } catch (const std::system_error&) {  // it takes room, and no more
  }
}

std::optional<ResultTree::Replaced> ResultTree::replaced(
    const std::string& leaf) const {
  try {
    for (const auto& folder : replaced_attempts(fd(), leaf))
      if (const auto its = files_.readable_verdict(fd(), folder))
        return Replaced{folder, *its};
  } catch (const std::system_error&) {  // it is told that it is unreadable
  }
  return {};
}

std::size_t ResultTree::clear(const std::string& leaf) {
  struct stat info;
  if (below::status(fd(), leaf, info) == 0 && S_ISLNK(info.st_mode))
    throw std::system_error(
        ELOOP, std::generic_category(),
        "cannot delete what '" + leaf + "' holds: it is a symbolic link");
  files_.refuse_nested(fd(), leaf);
  std::size_t removed = 0;
  // The verdict goes first: what is half deleted must not look done.
  removed += remove_tree(fd(), leaf + '/' + verdict_file());
  removed += remove_tree(fd(), leaf + '/' + files_.rules().original_metadata);
  for (const auto& entry : list_directory(fd(), leaf))
    if (!is_lease(entry)) removed += remove_tree(fd(), leaf + '/' + entry);
  return removed + remove_tree(fd(), moved_folder(leaf));
}

bool ResultTree::is_untidy(const std::string& leaf) const {
  const auto entries = list_directory(fd(), leaf);
  return std::any_of(entries.begin(), entries.end(), [&](const auto& entry) {
    return is_left_by_kill(entry) ||
           (entry == ".eh" && !replaced_attempts(fd(), leaf).empty());
  });
}

void ResultTree::tidy(const std::string& leaf, Leases& leases) {
  if (!leases.acquire(leaf).acquired) return;
  try {
    const auto now = verdict(leaf);
    if (now && now->status == Status::ok) {
      for (const auto& entry : list_directory(fd(), leaf))
        if (is_left_by_kill(entry) && entry != lease_file)
          remove_tree(fd(), leaf + '/' + entry);
      remove_torn(fd(), leaf);
      remove_replaced(fd(), leaf);
    }
  } catch (...) {
    leases.release(leaf);
    throw;
  }
  leases.release(leaf);
}

void ResultTree::leave(const std::string& leaf, Leases& leases) {
  leases.release(leaf);
  // Succeeds only where nothing is left: folders made for an experiment that
  // left nothing behind go again, up to the output directory.
  for (std::string path = leaf; !path.empty();) {
    if (below::remove_empty_folder(fd(), path) != 0) break;
    const auto slash = path.find_last_of('/');
    path = slash == path.npos ? "" : path.substr(0, slash);
  }
}

void ResultTree::keep_out(const std::string& leaf, unsigned attempt) {
  make_directories(fd(), leaf + attempt_folder(attempt));
}

void ResultTree::write_verdict(const std::string& leaf,
                               const std::string& text) {
  const auto write = [&] {
    replace_file(fd(), leaf + '/' + verdict_file(),
                 leaf + '/' + contract::verdict_temporary, text);
  };
  try {
    write();
  } catch (const std::system_error& error) {
    // The experiment may have made its own folder read-only.
    const below::Place place(fd(), leaf);
    if (error.code().value() != EACCES || !place ||
        !below::make_usable(place.folder(), place.name()))
      throw;
    write();
  }
}

}  // namespace eh::host
