// What the configuration says of one experiment, once all layers are merged.
#pragma once

#include <functional>
#include <string>

#include "catalog/experiment.h"

namespace eh::host {

struct ExperimentConfig {
  double timeout = 0;  ///< seconds; 0: none
  int retries = 0;
  /// What the experiment is given and its verdict keeps: a JSON object; "" if
  /// its group has no configuration class and no value was set.
  std::string json;
  /// SHA-1 of the values of the group's own class, which are what results may
  /// depend on; "" if it has none.
  std::string hash;
  /// Of the seeds: experiment_seed().
  std::string salt = {};
};

/// Throws Error (usage) if `json`, the configuration of `name`, is longer than
/// what a process can be given.
void check_size(const std::string& json, const std::string& name);

/// The seed of an experiment: the same alone, in parallel, in any shard and on
/// any machine. stable_hash() of "group/name", after "salt\n" if there is one.
std::uint64_t experiment_seed(const std::string& salt, const std::string& group,
                              const std::string& name);

/// The configuration of an experiment. The result is valid as long as what
/// the function belongs to.
using ConfigOf = std::function<const ExperimentConfig&(const Experiment&)>;

}  // namespace eh::host
