// How a finished leaf differs from what would run now: the reasons why it is
// called stale, one by one.
#pragma once

#include <string>
#include <vector>

#include "catalog.h"
#include "config.h"
#include "selection.h"
#include "verdict.h"

namespace eh::host {

struct Difference {
  std::string what;    ///< "parameter load", "config model.layers", "plugin"
  std::string before;  ///< as JSON; "" if it was not there
  std::string now;     ///< the same
  std::string origin;  ///< of a value of the configuration, now
};

/// Between the parameters of a verdict and those of now, both JSON objects.
std::vector<Difference> parameter_differences(const std::string& before,
                                              const std::string& now);

/// Of parameters, the values of the group's class, and the plugin's build. A
/// verdict of the Python original says nothing of them.
std::vector<Difference> differences(const Verdict& verdict,
                                    const Catalog& catalog,
                                    const Experiment& experiment,
                                    const Config& config,
                                    const std::string& build_id);

}  // namespace eh::host
