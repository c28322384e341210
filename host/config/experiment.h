// The configuration of each experiment, merged once for all that have the
// same.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "config/experiment_config.h"
#include "config/sources.h"

namespace eh::host {

class ExperimentConfigs {
 public:
  /// All have to outlive this.
  ExperimentConfigs(const Catalog& catalog, const ConfigSchemas& schemas,
                    const ConfigSources& sources)
      : catalog_(catalog), schemas_(schemas), sources_(sources) {}
  ExperimentConfigs(const ExperimentConfigs&) = delete;
  ExperimentConfigs& operator=(const ExperimentConfigs&) = delete;

  /// Valid as long as this.
  const ExperimentConfig& of(const Experiment& experiment);

  /// The values behind it, with their origins.
  Config values(const Experiment& experiment) const;

 private:
  const Catalog& catalog_;
  const ConfigSchemas& schemas_;
  const ConfigSources& sources_;
  std::map<std::string, std::vector<ConfigPattern>> patterns_;  // by group
  // By family, and which of the patterns match.
  std::map<std::pair<std::uint32_t, std::vector<bool>>, ExperimentConfig>
      known_;
};

}  // namespace eh::host
