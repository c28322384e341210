#include "plan/done_look.h"

#include <algorithm>
#include <optional>
#include <system_error>
#include <thread>

namespace eh::host {
namespace {

// Names leaves one after the other, reusing its memory.
class LeafNamer {
 public:
  explicit LeafNamer(const Catalog& catalog) : catalog_(catalog) {}
  const std::string& operator()(const Experiment& experiment) {
    const Family& family = catalog_.families[experiment.family];
    leaf_ = family.group;
    leaf_ += '/';
    family.append_name(experiment.point, leaf_);
    return leaf_;
  }

 private:
  const Catalog& catalog_;
  std::string leaf_;
};

// The entry of a done experiment, whose verdict is given.
std::string entry_of(const DoneIndex& index, const std::string& leaf,
                     const VerdictMark& mark, const Staleness& staleness,
                     const Experiment& experiment, bool stale) {
  return index.entry(leaf, mark, {staleness.fingerprint(experiment), stale});
}

}  // namespace

bool is_untidy(const ResultTree& tree, const std::string& leaf) {
  try {
    return tree.is_untidy(leaf);
  } catch (const std::system_error&) {
    return false;
  }
}

// What one thread finds.
struct DoneLook::Part {
  std::string entries = {};
  std::vector<std::string> untidy = {};
  std::exception_ptr error = {};
};

DoneLook::DoneLook(const Catalog& catalog, const ResultTree& tree,
                   const Staleness& staleness)
    : catalog_(catalog), tree_(tree), staleness_(staleness), index_(tree) {}

// Looking waits for the disk where nothing is cached, so several look at once
// if it takes long. Where there are no more threads, fewer will do.
std::vector<DoneLook::Answer> DoneLook::at(
    const std::vector<Experiment>& selection) {
  constexpr std::size_t most_lookers = 8;
  constexpr auto patience = std::chrono::milliseconds(10);
  index_.load(selection.size());
  answers_.assign(selection.size(), not_done);
  next_ = 0;
  std::vector<Part> parts(most_lookers);
  std::vector<std::jthread> others;
  const auto begin = std::chrono::steady_clock::now();
  bool alone = true;
  look(selection, parts[0], [&] {
    if (!alone || std::chrono::steady_clock::now() - begin < patience) return;
    alone = false;
    try {
      for (std::size_t i = 1; i < most_lookers; ++i)
        others.emplace_back([&, i] { look(selection, parts[i], [] {}); });
    } catch (const std::system_error&) {
    }
  });
  others.clear();  // joins them
  for (const auto& part : parts) {
    if (part.error) std::rethrow_exception(part.error);
    index_.append(part.entries);
    untidy_.insert(untidy_.end(), part.untidy.begin(), part.untidy.end());
  }
  return std::move(answers_);
}

void DoneLook::look(const std::vector<Experiment>& selection, Part& part,
                    const std::function<void()>& now_and_then) {
  constexpr std::size_t at_once = 64;
  try {
    LeafNamer leaf_of(catalog_);
    for (std::size_t i; (i = next_.fetch_add(at_once)) < selection.size();) {
      const auto end = std::min(i + at_once, selection.size());
      for (; i < end; ++i)
        answers_[i] = look(selection[i], leaf_of(selection[i]), part);
      now_and_then();
    }
  } catch (...) {
    part.error = std::current_exception();
    next_ = selection.size();
  }
}

DoneLook::Answer DoneLook::look(const Experiment& experiment,
                                const std::string& leaf, Part& part) {
  auto mark = index_.mark(leaf);
  if (mark.kind == VerdictMark::missing) return not_done;
  if (const auto known = index_.find(leaf, mark);
      known && known->with == staleness_.fingerprint(experiment))
    return known->stale ? stale : done;
  if (mark.kind == VerdictMark::known) {
    std::call_once(opened_, [this] { index_.open(); });
    mark = index_.mark(leaf);
  }
  const auto verdict = tree_.readable_verdict(leaf);
  if (!verdict || verdict->status != Status::ok) return not_done;
  const bool is_stale = !staleness_.changed(experiment, *verdict).empty();
  if (is_untidy(tree_, leaf))
    part.untidy.push_back(leaf);
  else
    part.entries +=
        entry_of(index_, leaf, mark, staleness_, experiment, is_stale);
  return is_stale ? stale : done;
}

DoneNotes::DoneNotes(const Catalog& catalog, const ResultTree& tree,
                     const Staleness& staleness)
    : catalog_(catalog), tree_(tree), staleness_(staleness), index_(tree) {}

void DoneNotes::add(const Experiment& experiment) {
  const auto now = Clock::now();
  ended_.emplace_back(now, experiment);
  if (now - ended_.front().first > std::chrono::milliseconds(200)) write();
}

void DoneNotes::write() {
  const auto late = Clock::now() - std::chrono::milliseconds(30);
  if (ended_.empty() || ended_.front().first > late) return;
  const bool can = index_.open();
  LeafNamer leaf_of(catalog_);
  std::string entries;
  for (; !ended_.empty() && ended_.front().first <= late; ended_.pop_front()) {
    if (!can) continue;
    const auto& experiment = ended_.front().second;
    const auto& leaf = leaf_of(experiment);
    const auto mark = index_.mark(leaf);
    const auto verdict = tree_.readable_verdict(leaf);
    if (verdict && verdict->status == Status::ok)
      entries += entry_of(index_, leaf, mark, staleness_, experiment,
                          !staleness_.changed(experiment, *verdict).empty());
  }
  index_.append(entries);
}

}  // namespace eh::host
