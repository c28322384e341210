// Whether experiments are done, by the index or by their verdicts, and what is
// learnt from these for the index.
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "leaf/done_index.h"
#include "plan/todo.h"

namespace eh::host {

/// Whether a leaf that is done has files that a kill left; false if it cannot
/// be read.
bool is_untidy(const ResultTree& tree, const std::string& leaf);

class DoneLook {
 public:
  enum Answer : char { not_done, done, stale };

  /// Of a tree that is there. All have to outlive this.
  DoneLook(const Catalog& catalog, const ResultTree& tree,
           const Staleness& staleness);

  /// The answers for a selection, in its order.
  std::vector<Answer> at(const std::vector<Experiment>& selection);
  /// The done leaves among them that a kill left something in.
  const std::vector<std::string>& untidy() const { return untidy_; }

 private:
  struct Part;
  void look(const std::vector<Experiment>& selection, Part& part,
            const std::function<void()>& now_and_then);
  Answer look(const Experiment& experiment, const std::string& leaf,
              Part& part);

  const Catalog& catalog_;
  const ResultTree& tree_;
  const Staleness& staleness_;
  DoneIndex index_;
  std::once_flag opened_;
  std::vector<Answer> answers_;
  std::vector<std::string> untidy_;
  std::atomic<std::size_t> next_{0};  // in the selection, to look at
};

/// Remembers what a run has done, so that the next one need not read it. An
/// entry is made a moment after the end, when a later change can be told from
/// it; the last ones of a run may have none.
class DoneNotes {
 public:
  DoneNotes(const Catalog& catalog, const ResultTree& tree,
            const Staleness& staleness);
  void add(const Experiment& experiment);
  /// Writes down what has ended long enough ago; to be called at the end.
  void write();

 private:
  using Clock = std::chrono::steady_clock;
  const Catalog& catalog_;
  const ResultTree& tree_;
  const Staleness& staleness_;
  DoneIndex index_;
  std::deque<std::pair<Clock::time_point, Experiment>> ended_;
};

}  // namespace eh::host
