#include "done_look.h"

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

// One that cannot be read is told of when its leaf's turn to run comes.
std::optional<Verdict> readable_verdict(const ResultTree& tree,
                                        const std::string& leaf) {
  try {
    return tree.verdict(leaf);
  } catch (const UnreadableVerdict&) {
    return {};
  }
}

// The entry of a done experiment, whose verdict is given.
std::string entry_of(const DoneIndex& index, const std::string& leaf,
                     const VerdictMark& mark, const Staleness& staleness,
                     const Experiment& experiment, bool stale) {
  return index.entry(leaf, mark, {staleness.fingerprint(experiment), stale});
}

}  // namespace

// What one thread looks at.
struct DoneLook::Part {
  std::size_t begin = 0, end = 0;
  std::string entries = {};
  std::exception_ptr error = {};
};

DoneLook::DoneLook(const Catalog& catalog, const ResultTree& tree,
                   const Staleness& staleness)
    : catalog_(catalog), tree_(tree), staleness_(staleness), index_(tree) {}

// Looking waits for the disk where nothing is cached, so several look at once.
std::vector<DoneLook::Answer> DoneLook::at(
    const std::vector<Experiment>& selection) {
  constexpr std::size_t most_lookers = 8, worth_a_looker = 500;
  index_.load(selection.size());
  answers_.assign(selection.size(), not_done);
  const auto lookers = std::clamp<std::size_t>(
      selection.size() / worth_a_looker, 1, most_lookers);
  std::vector<Part> parts(lookers);
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < lookers; ++i) {
    auto& part = parts[i];
    part.begin = selection.size() * i / lookers;
    part.end = selection.size() * (i + 1) / lookers;
    try {
      if (i + 1 < lookers)
        threads.emplace_back([&] { look(selection, part); });
      else
        look(selection, part);
    } catch (const std::system_error&) {  // there may be no more threads
      look(selection, part);
    }
  }
  threads.clear();  // joins them
  for (const auto& part : parts) {
    if (part.error) std::rethrow_exception(part.error);
    index_.append(part.entries);
  }
  return std::move(answers_);
}

void DoneLook::look(const std::vector<Experiment>& selection, Part& part) {
  try {
    LeafNamer leaf_of(catalog_);
    for (auto i = part.begin; i < part.end; ++i)
      answers_[i] = look(selection[i], leaf_of(selection[i]), part.entries);
  } catch (...) {
    part.error = std::current_exception();
  }
}

DoneLook::Answer DoneLook::look(const Experiment& experiment,
                                const std::string& leaf, std::string& entries) {
  auto mark = index_.mark(leaf);
  if (mark.kind == VerdictMark::missing) return not_done;
  if (const auto known = index_.find(leaf, mark);
      known && known->with == staleness_.fingerprint(experiment))
    return known->stale ? stale : done;
  if (mark.kind == VerdictMark::known) {
    std::call_once(opened_, [this] { index_.open(); });
    mark = index_.mark(leaf);
  }
  const auto verdict = readable_verdict(tree_, leaf);
  if (!verdict || verdict->status != Status::ok) return not_done;
  const bool is_stale = !staleness_.changed(experiment, *verdict).empty();
  entries += entry_of(index_, leaf, mark, staleness_, experiment, is_stale);
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
    const auto verdict = readable_verdict(tree_, leaf);
    if (verdict && verdict->status == Status::ok)
      entries += entry_of(index_, leaf, mark, staleness_, experiment,
                          !staleness_.changed(experiment, *verdict).empty());
  }
  index_.append(entries);
}

}  // namespace eh::host
