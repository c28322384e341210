// Configuration for the suites that try it: files, settings and variables in
// one go.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/check.h"
#include "config/sources.h"
#include "config_catalog.h"
#include "support.h"

namespace eh::host::test {

/// Everything that decides on values. The file is /cfg/FILE, called "FILE".
struct ConfigFixture {
  explicit ConfigFixture(
      const std::string& file = "",
      std::vector<std::pair<std::string, std::string>> settings = {},
      Variables variables = {}, const std::string& section = "");

  std::vector<std::string> check(const std::string& group = "main") const {
    return check_all(*sources, schemas, group);
  }
  Config resolve(const std::string& group = "main",
                 const std::string& experiment = "") const {
    return sources->resolve(schemas.of(group), group, experiment);
  }
  /// The value as JSON, a space, and its origin.
  std::string value(const std::string& name, const std::string& group = "main",
                    const std::string& experiment = "") const;
  /// What check() throws, or "".
  std::string mistakes(const std::string& group = "main") const;

  Catalog catalog = config_catalog();
  ConfigSchemas schemas{catalog};
  std::optional<ConfigSources> sources;
};

}  // namespace eh::host::test
