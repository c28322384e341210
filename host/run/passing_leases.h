// Leases of a command that is not a run: of its own owner, which is there for
// as long as the command works on leaves.
#pragma once

#include <string>
#include <system_error>

#include "leaf/leaf.h"
#include "leaf/lease.h"
#include "os/walk.h"
#include "run/folder.h"

namespace eh::host {

class PassingLeases {
 public:
  /// Throws std::system_error.
  explicit PassingLeases(const ResultTree& tree)
      : tree_(tree.fd()), id_(new_run_id()), leases_(tree_, Owner::self(id_)) {
    leases_.heartbeat();
  }
  ~PassingLeases() {
    try {
      remove_tree(tree_, ".eh/runs/" + id_);
    } catch (const std::system_error&) {  // it is of no consequence
    }
  }
  PassingLeases(const PassingLeases&) = delete;
  PassingLeases& operator=(const PassingLeases&) = delete;
  Leases& leases() { return leases_; }

 private:
  const int tree_;
  const std::string id_;
  Leases leases_;
};

}  // namespace eh::host
