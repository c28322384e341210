// Stops the waste when everything fails alike: what failed in a run, counted
// by how, in files that all of its tasks share; and the file `stop`, after
// which no task starts anything. A run in which one experiment was ok is not
// stopped any more.
//
// A failure costs four operations on the file system, until one is ok.
#pragma once

#include <cstddef>
#include <string>

namespace eh::host {

class CircuitBreaker {
 public:
  /// `tree` is the output directory's descriptor, `self` the name of this
  /// task; `most` may fail alike (0: any number).
  CircuitBreaker(int tree, std::string run_id, std::string self,
                 std::size_t most);

  void ok();
  /// `message` is as of the verdict of `name`; or of a task that could not run
  /// anything, which has no name.
  void failed(const std::string& status, const std::string& message,
              const std::string& name = {});

  /// Why nothing is to be started any more, or "".
  std::string reason_to_stop() const;

 private:
  bool any_ok();
  int tree_;
  std::string run_id_, folder_;
  std::string self_;
  std::size_t most_;
  std::size_t count_ = 0;  // of failures here
  bool any_ok_ = false;
};

}  // namespace eh::host
