#include "leaf.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <random>
#include <system_error>

#include "text.h"
#include "walk.h"

namespace eh::host {
bool is_reserved(const std::string& entry) {
  return entry.compare(0, 3, ".eh") == 0;
}

namespace {

// A file that the process was killed in the middle of writing: ".NAME" with a
// mark.
bool is_torn(const std::string& entry) {
  return entry.starts_with('.') &&
         entry.find(contract::temporary_mark) != entry.npos;
}

// What an attempt itself left, although not by a name of its own.
bool is_left_by_attempt(const std::string& entry) {
  return !is_torn(entry) &&
         (!is_reserved(entry) || entry == contract::results_file ||
          entry == contract::kept_metrics_file);
}

// In the folders of a leaf that is gone on with; they would be ever more.
void remove_torn(const std::filesystem::path& leaf) {
  namespace fs = std::filesystem;
  for (auto at = fs::recursive_directory_iterator(leaf);
       at != fs::recursive_directory_iterator(); ++at) {
    const auto entry = at->path().filename().string();
    if (at.depth() == 0 && is_reserved(entry))
      at.disable_recursion_pending();
    else if (is_torn(entry) && !at->is_directory())
      fs::remove(at->path());
  }
}

}  // namespace

ResultTree::ResultTree(const std::string& path, LeafRules rules, bool create)
    : path_(std::filesystem::absolute(path).lexically_normal().string()),
      rules_(std::move(rules)) {
  while (path_.size() > 1 && path_.back() == '/') path_.pop_back();
  for (const auto& pattern : rules_.checkpoint_patterns)
    checkpoints_.emplace_back(pattern);
  if (create) make_directories(AT_FDCWD, path_);
  fd_ = Fd(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd_ && (create || errno != ENOENT))
    throw_errno("cannot open the output directory '" + path_ + "'");
}

std::string ResultTree::leaf_path(const std::string& leaf) const {
  return path_ + '/' + leaf;
}

bool ResultTree::is_checkpoint(const std::string& name) const {
  return std::any_of(checkpoints_.begin(), checkpoints_.end(),
                     [&](const Glob& glob) { return glob.matches(name); });
}

// Files of an attempt that a continued one does not go on with.
bool ResultTree::is_record(const std::string& entry) const {
  return entry == verdict_file() || entry == contract::log_file ||
         entry == contract::output_file;
}

std::optional<Verdict> ResultTree::verdict(const std::string& leaf) const {
  if (!fd_) return {};
  try {
    auto text = read_file(fd(), leaf + '/' + verdict_file());
    if (auto ours = text ? parse_verdict(*text) : std::nullopt) return ours;
    const bool may_be_either = verdict_file() == rules_.original_metadata;
    if (text && !may_be_either) return {};
    const auto original =
        may_be_either ? std::move(text)
                      : read_file(fd(), leaf + '/' + rules_.original_metadata);
    return original ? parse_original_metadata(*original) : std::nullopt;
  } catch (const std::system_error& error) {
    if (error.code().value() == EISDIR) return {};
    throw UnreadableVerdict(error);
  }
}

unsigned ResultTree::attempts_kept(const std::string& leaf) const {
  unsigned most = 0;
  for (const auto& name : list_directory(fd(), leaf + "/.eh/attempts"))
    if (const auto number = parse_number<unsigned>(name).value_or(0);
        number <= most_attempts)
      most = std::max(most, number);
  return most;
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
  const auto entries = list_directory(fd(), leaf);
  if (entries.empty()) return state;
  if (leases &&
      std::find(entries.begin(), entries.end(), lease_file) != entries.end())
    state.holder = leases->holder(leaf);
  state.verdict = verdict(leaf);
  bool anything = false;
  for (const auto& entry : entries) {
    if (!is_left_by_attempt(entry)) continue;
    anything = true;
    state.checkpoint = state.checkpoint || is_checkpoint(entry);
  }
  state.attempts = state.verdict ? state.verdict->attempt
                                 : attempts_kept(leaf) + (anything ? 1 : 0);
  if (state.holder.exists()) {
    state.kind = LeafState::running;
  } else if (!state.verdict) {
    state.kind = anything ? LeafState::unfinished : LeafState::fresh;
  } else if (state.verdict->status == Status::ok) {
    state.kind = LeafState::done;
  } else if (state.verdict->status == Status::cancelled ||
             state.verdict->status == Status::stopped) {
    state.kind = LeafState::unfinished;
  } else {
    state.kind = LeafState::failed;
  }
  return state;
}

// Another experiment's leaf below a leaf would be moved or deleted with it. No
// catalog has both, but the results of an earlier one may be there.
void ResultTree::refuse_nested(const std::string& folder,
                               const std::string& leaf) const {
  for (const auto& entry : list_directory(fd(), folder)) {
    if (is_reserved(entry)) continue;
    const auto below = folder + '/' + entry;
    struct stat info;
    if (::fstatat(fd(), below.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0 ||
        !S_ISDIR(info.st_mode))
      continue;
    for (const auto& mark : {verdict_file(), std::string(lease_file)})
      if (::fstatat(fd(), (below + '/' + mark).c_str(), &info,
                    AT_SYMLINK_NOFOLLOW) == 0)
        throw std::system_error(EEXIST, std::generic_category(),
                                "cannot use '" + leaf +
                                    "': it holds the results of another"
                                    " experiment, '" +
                                    below +
                                    "' (move them away, or rename one)");
    refuse_nested(below, leaf);
  }
}

ResultTree::Claim ResultTree::claim(const std::string& leaf, Leases& leases,
                                    const std::string& since) {
  bool is_new = false, taken_over = false;
  for (int round = 0;; ++round) {
    is_new = ::mkdirat(fd(), leaf.c_str(), 0777) == 0;
    if (!is_new && errno != EEXIST) make_directories(fd(), leaf);
    try {
      auto lease = leases.acquire(leaf);
      if (!lease.acquired) return {Claim::busy, 1, false, lease.holder, {}};
      taken_over = lease.taken_over;
      break;
    } catch (const std::system_error& error) {
      // Another host may just have removed the folder, which was empty.
      if (error.code().value() != ENOENT || round == 100) throw;
    }
  }
  // Unless another host was quicker than we from the folder to the lease.
  if (is_new &&
      ::faccessat(fd(), (leaf + '/' + verdict_file()).c_str(), F_OK, 0) != 0)
    return {Claim::claimed, 1, false, {}, {}};
  try {
    const auto earlier = verdict(leaf);
    if (earlier && earlier->status == Status::ok) {
      leases.release(leaf);
      return {Claim::done, earlier->attempt, false, {}, {}};
    }
    if (earlier && !since.empty() && earlier->end >= since &&
        earlier->status != Status::cancelled &&
        earlier->status != Status::stopped) {
      leases.release(leaf);
      return {Claim::settled, earlier->attempt, false, {}, earlier};
    }
    refuse_nested(leaf, leaf);
    std::vector<std::string> entries;
    Claim claim{Claim::claimed, 1, false, {}, {}};
    for (auto& entry : list_directory(fd(), leaf)) {
      if (entry == ".eh" || entry.compare(0, 9, lease_file) == 0) continue;
      if (!is_left_by_attempt(entry)) {
        remove_tree(fd(), leaf + '/' + entry);  // a torn temporary
        continue;
      }
      claim.resumes = claim.resumes || is_checkpoint(entry);
      entries.push_back(std::move(entry));
    }
    const unsigned kept = attempts_kept(leaf);
    if (entries.empty() && !taken_over) {
      claim.attempt = kept + 1;
      return claim;
    }
    // Its folder may be there, to keep out who made it.
    const bool kept_out =
        !taken_over && earlier && earlier->attempt == kept &&
        list_directory(fd(), leaf + attempt_folder(kept)).empty();
    const unsigned before =
        kept_out ? kept : std::max(kept + 1, earlier ? earlier->attempt : 0);
    claim.attempt = before + 1;
    if (taken_over) {
      fence_off(leaf, before, leases.owner());
      if (claim.resumes) copy_checkpoint(leaf, before);
    } else if (claim.resumes) {
      std::erase_if(entries, [this](auto& entry) { return !is_record(entry); });
    }
    if (claim.resumes) remove_torn(leaf_path(leaf));
    if (taken_over) return claim;
    keep_attempt(leaf, before, entries);
    return claim;
  } catch (...) {
    leases.release(leaf);
    throw;
  }
}

void ResultTree::keep_attempt(const std::string& leaf, unsigned number,
                              const std::vector<std::string>& entries) {
  const auto folder = leaf + attempt_folder(number);
  make_directories(fd(), folder);
  // The verdict goes last: while it is there, the attempt is known.
  for (const bool last : {false, true})
    for (const auto& entry : entries)
      if ((entry == verdict_file()) == last &&
          ::renameat(fd(), (leaf + '/' + entry).c_str(), fd(),
                     (folder + '/' + entry).c_str()) != 0)
        throw_errno("cannot move '" + leaf + '/' + entry + "' to '" + folder +
                    "'");
}

// What another host makes of the leaf in the instant in which it has no folder
// stays: the rename fails, since that one is not empty.
void ResultTree::fence_off(const std::string& leaf, unsigned number,
                           const std::string& owner) {
  std::random_device random;
  const auto fresh = leaf.substr(0, leaf.find_last_of('/') + 1) + ".eh-new-" +
                     std::to_string(random());
  auto move = [this](const std::string& from, const std::string& to) {
    if (::renameat(fd(), from.c_str(), fd(), to.c_str()) != 0)
      throw_errno("cannot move '" + from + "' to '" + to + "'");
  };
  make_directories(fd(), fresh);
  if (::faccessat(fd(), (leaf + "/.eh").c_str(), F_OK, 0) == 0)
    move(leaf + "/.eh", fresh + "/.eh");
  make_directories(fd(), fresh + "/.eh/attempts");
  if (::symlinkat(owner.c_str(), fd(), (fresh + '/' + lease_file).c_str()) != 0)
    throw_errno("cannot make '" + fresh + '/' + lease_file + "'");
  const auto kept = attempt_folder(number);
  move(leaf, fresh + kept);
  move(fresh, leaf);
  for (const auto& entry : list_directory(fd(), leaf + kept))
    if (entry.starts_with(lease_file))
      ::unlinkat(fd(), (leaf + kept + '/' + entry).c_str(), 0);
}

// The files that a continued attempt goes on with, which the earlier one may
// still have open.
void ResultTree::copy_checkpoint(const std::string& leaf, unsigned number) {
  namespace fs = std::filesystem;
  const auto from = leaf + attempt_folder(number);
  for (const auto& entry : list_directory(fd(), from))
    if (is_left_by_attempt(entry) && !is_record(entry))
      fs::copy(leaf_path(from + '/' + entry), leaf_path(leaf + '/' + entry),
               fs::copy_options::recursive | fs::copy_options::copy_symlinks);
}

void ResultTree::leave(const std::string& leaf, Leases& leases) {
  leases.release(leaf);
  // Succeeds only where nothing is left: folders made for an experiment that
  // left nothing behind go again, up to the output directory.
  for (std::string path = leaf; !path.empty();) {
    if (::unlinkat(fd(), path.c_str(), AT_REMOVEDIR) != 0) break;
    const auto slash = path.find_last_of('/');
    path = slash == path.npos ? "" : path.substr(0, slash);
  }
}

std::size_t ResultTree::clear(const std::string& leaf) {
  struct stat info;
  if (::fstatat(fd(), leaf.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0 &&
      S_ISLNK(info.st_mode))
    throw std::system_error(
        ELOOP, std::generic_category(),
        "cannot delete what '" + leaf + "' holds: it is a symbolic link");
  refuse_nested(leaf, leaf);
  std::size_t removed = 0;
  // The verdict goes first: what is half deleted must not look done.
  removed += remove_tree(fd(), leaf + '/' + verdict_file());
  removed += remove_tree(fd(), leaf + '/' + rules_.original_metadata);
  for (const auto& entry : list_directory(fd(), leaf))
    if (entry.compare(0, 9, lease_file) != 0)
      removed += remove_tree(fd(), leaf + '/' + entry);
  return removed;
}

void ResultTree::keep_out(const std::string& leaf, unsigned attempt) {
  make_directories(fd(), leaf + attempt_folder(attempt));
}

void ResultTree::write_verdict(const std::string& leaf,
                               const std::string& json) {
  replace_file(fd(), leaf + '/' + verdict_file(),
               leaf + '/' + contract::verdict_temporary, json + '\n');
}

}  // namespace eh::host
