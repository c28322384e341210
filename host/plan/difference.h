// How a finished leaf differs from what would run now: the reasons why it is
// called stale, one by one.
#pragma once

#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "catalog/library.h"
#include "config/config.h"
#include "leaf/verdict.h"
#include "plan/selection.h"

namespace eh::host {

struct Difference {
  /// "parameter load", "config model.layers", "seed", "salt", "plugin",
  /// "library libsim.so"
  std::string what;
  std::string before;  ///< as JSON; "" if it was not there
  std::string now;     ///< the same
  std::string origin;  ///< of a value of the configuration, now
};

/// Between the parameters of a verdict and those of now, both JSON objects.
std::vector<Difference> parameter_differences(const std::string& before,
                                              const std::string& now);

/// Of parameters, the values of the group's class, the seed, and the builds of
/// the plugin and of its libraries. A verdict of the Python original says
/// nothing of them, and one of an earlier version not of all.
std::vector<Difference> differences(const Verdict& verdict,
                                    const Catalog& catalog,
                                    const Experiment& experiment,
                                    const Config& config,
                                    const PluginBuild& build);

/// The names of the libraries whose builds differ, or that only one of the two
/// has; none if the verdict does not say.
std::vector<std::string> other_libraries(const Verdict& verdict,
                                         const PluginBuild& now);

}  // namespace eh::host
