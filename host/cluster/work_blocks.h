// The shared work of pilots: the experiments of a run, cut into blocks in their
// order, the large ones first. A pilot claims a block by a symbolic link to
// its owner id, blocks/<k>, and marks it done by a file, blocks/<k>.done. What
// it cannot finish it hands back by removing the link; that of a dead owner is
// taken over. A block costs two operations on the file system, and listing
// the folder where somebody else was faster.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "leaf/lease.h"
#include "run/experiment_source.h"

namespace eh::host {

class WorkBlocks : public ExperimentSource {
 public:
  struct Place {
    int tree = -1;       ///< the output directory's descriptor
    std::string folder;  ///< below it: ".eh/runs/<run id>/blocks"
    std::size_t task = 0;
    /// What the ids of earlier attempts of this task begin with.
    std::string own_ids;
  };
  /// `sizes` of the blocks of `experiments`. Throws std::system_error.
  WorkBlocks(Place place, Leases& leases, std::vector<Experiment> experiments,
             const std::vector<std::size_t>& sizes);

  /// Asked before each experiment: whether there is time for another. Once it
  /// says no, what was not begun is handed back.
  std::function<bool()> has_time = [] { return true; };
  /// Whether what this pilot has begun may go on in another job: its block is
  /// then kept until that has ended. Who took it before would pass over it,
  /// and nobody might look at it again.
  bool may_go_on = false;

  std::optional<Experiment> next() override;
  bool empty() const override { return closed_; }
  double pause() const override { return 2; }
  std::size_t left() const override;
  void finished(const Experiment& experiment, bool settled) override;

  /// Takes no more, and lets others have what was not begun.
  void hand_back();
  /// Whether something is left that nobody has. Throws std::system_error.
  bool unclaimed() const;

 private:
  struct Block {
    std::size_t next = 0, end = 0;  // experiments that were not given yet
    std::size_t open = 0;           // given, and not over
    bool unsettled = false;         // one still has to be run
  };

  void hand_back_unbegun();
  bool take_block();
  bool take_free();
  bool take_left();
  void took(std::size_t k);
  void finish(std::size_t k);
  std::string claim(std::size_t k) const;
  void list();

  Place place_;
  Leases& leases_;
  std::vector<Experiment> experiments_;
  std::vector<std::size_t> first_;  // experiment of each block, and the end
  std::map<std::size_t, Block> held_;
  std::map<std::pair<std::uint32_t, std::uint64_t>, std::size_t> given_;
  std::set<std::size_t> free_;  // as far as known; not those gone through
  std::set<std::size_t> taken_, done_, gone_through_;
  bool closed_ = false;
};

}  // namespace eh::host
