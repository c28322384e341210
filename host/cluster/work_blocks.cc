#include "cluster/work_blocks.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <iterator>
#include <system_error>

#include "base/error.h"
#include "os/below.h"
#include "os/file.h"

namespace eh::host {
namespace {

constexpr std::string_view done_mark = ".done";
// So many of the largest blocks are tried before smaller ones: pilots do not
// all go for the same.
constexpr std::size_t spread = 64;

}  // namespace

WorkBlocks::WorkBlocks(Place place, Leases& leases,
                       std::vector<Experiment> experiments,
                       const std::vector<std::size_t>& sizes)
    : place_(std::move(place)),
      leases_(leases),
      experiments_(std::move(experiments)) {
  std::size_t first = 0;
  for (const auto size : sizes) {
    free_.insert(first_.size());
    first_.push_back(first);
    first += size;
  }
  first_.push_back(first);
  if (first != experiments_.size())
    throw Error(exit_internal, "cannot share the work: its blocks are of " +
                                   std::to_string(first) +
                                   " experiments, not " +
                                   std::to_string(experiments_.size()));
  make_directories(place_.tree, place_.folder);
}

std::string WorkBlocks::claim(std::size_t k) const {
  return place_.folder + '/' + std::to_string(k);
}

std::optional<Experiment> WorkBlocks::next() {
  if (closed_) return {};
  try {
    if (!has_time()) {
      hand_back_unbegun();
      return {};
    }
    auto at = held_.begin();
    while (at != held_.end() && at->second.next == at->second.end) ++at;
    if (at == held_.end()) {
      if (!take_block()) return {};
      at = held_.begin();
      while (at->second.next == at->second.end) ++at;
    }
    const auto& experiment = experiments_[at->second.next++];
    ++at->second.open;
    given_[{experiment.family, experiment.point}] = at->first;
    return experiment;
  } catch (const std::system_error& error) {
    throw Error(exit_write,
                std::string("cannot take more work: ") + error.what());
  }
}

bool WorkBlocks::take_block() {
  if (take_free()) return true;
  list();
  return take_free() || take_left();
}

bool WorkBlocks::take_free() {
  // A folder may be listed as it was a while ago.
  std::set<std::size_t> refused;
  while (!free_.empty()) {
    const auto own = place_.task % std::min(spread, free_.size());
    const auto k = *std::next(free_.begin(), static_cast<std::ptrdiff_t>(own));
    free_.erase(k);
    if (below::make_link(leases_.owner(), place_.tree, claim(k)) == 0) {
      took(k);
      return true;
    }
    if (errno != EEXIST) throw_errno("cannot make '" + claim(k) + "'");
    refused.insert(k);
    list();
    for (const auto other : refused)
      if (free_.erase(other) > 0) taken_.insert(other);
  }
  return false;
}

// What is claimed and not done: its owner may be dead. One that may be an
// earlier attempt of this very task is waited for, as nobody else would
// go on with what it leaves.
bool WorkBlocks::take_left() {
  bool may_come = false;
  for (const auto k : taken_) {
    if (held_.count(k) || gone_through_.count(k)) continue;
    const auto lease = leases_.acquire_link(claim(k));
    if (lease.acquired) {
      took(k);
      return true;
    }
    may_come = may_come || lease.holder.run_id.starts_with(place_.own_ids);
  }
  closed_ = !may_come;
  return false;
}

void WorkBlocks::took(std::size_t k) {
  held_[k] = {first_[k], first_[k + 1]};
}

void WorkBlocks::list() {
  taken_.clear();
  done_.clear();
  free_.clear();
  for (const auto& name : list_directory(place_.tree, place_.folder)) {
    std::size_t k = 0;
    const auto* end = name.data() + name.size();
    const auto read = std::from_chars(name.data(), end, k);
    if (read.ec != std::errc{}) continue;
    if (read.ptr == end)
      taken_.insert(k);
    else if (std::string_view(read.ptr, end) == done_mark)
      done_.insert(k);
  }
  for (const auto k : done_) taken_.erase(k);
  for (std::size_t k = 0; k + 1 < first_.size(); ++k)
    if (!taken_.count(k) && !done_.count(k) && !gone_through_.count(k))
      free_.insert(k);
}

std::size_t WorkBlocks::left() const {
  std::size_t left = 0;
  for (const auto& [k, block] : held_) left += block.end - block.next;
  return left;
}

void WorkBlocks::finished(const Experiment& experiment, bool settled) {
  const auto given = given_.extract({experiment.family, experiment.point});
  if (given.empty()) return;
  const auto k = given.mapped();
  const auto held = held_.find(k);
  if (held == held_.end()) return;  // handed back
  auto& block = held->second;
  --block.open;
  block.unsettled = block.unsettled || !settled;
  if (block.next == block.end && block.open == 0) finish(k);
}

void WorkBlocks::finish(std::size_t k) {
  const bool unsettled = held_.at(k).unsettled;
  held_.erase(k);
  gone_through_.insert(k);
  if (unsettled) {
    leases_.release_link(claim(k));
    return;
  }
  // Where the mark cannot be made, another pilot finds all of it done.
  const auto mark = below::open(place_.tree, claim(k) + std::string(done_mark),
                                O_WRONLY | O_CREAT, 0666);
  if (!mark) leases_.release_link(claim(k));
}

void WorkBlocks::hand_back_unbegun() {
  if (!may_go_on) return hand_back();
  closed_ = true;
  std::map<std::size_t, Block> open;
  for (auto& [k, block] : held_) {
    if (block.open == 0) continue;
    block.unsettled = block.unsettled || block.next != block.end;
    block.next = block.end;
    open.emplace(k, block);
  }
  for (const auto& [k, block] : open) held_.erase(k);
  hand_back();
  held_ = std::move(open);
}

void WorkBlocks::hand_back() {
  closed_ = true;
  for (const auto& [k, block] : std::exchange(held_, {})) {
    gone_through_.insert(k);
    leases_.release_link(claim(k));
  }
}

bool WorkBlocks::unclaimed() const {
  std::set<std::string> names;
  for (auto& name : list_directory(place_.tree, place_.folder))
    names.insert(std::move(name));
  for (std::size_t k = 0; k + 1 < first_.size(); ++k) {
    const auto name = std::to_string(k);
    if (!names.count(name) && !names.count(name + std::string(done_mark)))
      return true;
  }
  return false;
}

}  // namespace eh::host
