// What decides how a run is spread over a cluster, and how its tasks behave
// there, whichever scheduler it has.
#pragma once

#include <cstddef>
#include <optional>

namespace eh::host {

/// What each task asks for, and how many there may be.
struct TaskShape {
  std::size_t nodes = 1;
  std::optional<std::size_t> cpus;  ///< none: workers for each experiment
  std::size_t gpus = 0;
  std::size_t workers = 1;  ///< CPUs of each experiment

  /// Experiments at the same time.
  std::optional<std::size_t> jobs;
  /// Tasks at the same time.
  std::optional<std::size_t> simultaneous_jobs;
  std::size_t max_array_size = 1001;
  std::optional<bool> pack;
};

struct ClusterSettings : TaskShape {
  std::optional<double> time_limit;  ///< of a task, in seconds
  double signal_delay = 60;          ///< seconds; 0: no warning
  std::size_t max_requeues = 5;
  std::size_t max_same_failure = 10;  ///< 0: any number
};

}  // namespace eh::host
