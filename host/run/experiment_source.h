// Where the experiments of a run come from: a list, or what is taken bit by
// bit from work that several processes share.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "plan/selection.h"

namespace eh::host {

class ExperimentSource {
 public:
  virtual ~ExperimentSource() = default;
  /// The next one, if there is one now. Throws Error if it cannot say.
  virtual std::optional<Experiment> next() = 0;
  /// Whether next() is known to have none any more.
  virtual bool empty() const = 0;
  /// Where next() had none and this is not empty: seconds until it may.
  virtual double pause() const { return 1; }
  /// How many are known that next() has not given yet.
  virtual std::size_t left() const = 0;
  /// This run has finished with what next() gave. `settled`: it has its
  /// verdict; otherwise somebody still has to run it, or does.
  virtual void finished(const Experiment& /*experiment*/, bool /*settled*/) {}
};

/// All of a list, in its order.
class ListSource : public ExperimentSource {
 public:
  explicit ListSource(std::vector<Experiment> list) : list_(std::move(list)) {}
  std::optional<Experiment> next() override {
    if (empty()) return {};
    return list_[next_++];
  }
  bool empty() const override { return next_ == list_.size(); }
  std::size_t left() const override { return list_.size() - next_; }

 private:
  std::vector<Experiment> list_;
  std::size_t next_ = 0;
};

}  // namespace eh::host
