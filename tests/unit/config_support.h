// Configuration for the suites that try it: a class with a value of each sort,
// and files and settings in one go.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config_sources.h"
#include "support.h"

namespace eh::host::test {

/// struct MyConfig : eh::Config {
///   std::string message = "Hello"; int number = 42; std::vector<int> sizes;
///   std::map<std::string, double> weights{{"a", 1}}; std::filesystem::path
///   data = "data"; struct { int layers = 3; double rate = 0.1; } model; };
/// which changes output_directory to "out" and slurm.gpus to 1.
std::string my_config();

/// The catalog of a plugin with the groups `main` (MyConfig), `other` (a class
/// with the real `number` and the text `extra`) and `plain` (none), each with
/// the experiments a, sweep/1 and sweep/2.
Catalog config_catalog();

/// Everything that decides on values.
struct ConfigWorld {
  explicit ConfigWorld(
      const std::string& file = "",
      std::vector<std::pair<std::string, std::string>> settings = {},
      Variables variables = {}, const std::string& section = "");

  std::vector<std::string> check(const std::string& group = "main") const {
    return sources->check(schemas, group);
  }
  Config resolve(const std::string& group = "main",
                 const std::string& experiment = "") const {
    return sources->resolve(schemas.of(group), group, experiment);
  }
  /// The value as JSON, a space, and its origin, in which the file is "FILE".
  std::string value(const std::string& name, const std::string& group = "main",
                    const std::string& experiment = "") const;
  /// What check() throws, without the file's folder, or "".
  std::string mistakes(const std::string& group = "main") const;

  TemporaryDirectory folder;
  Catalog catalog = config_catalog();
  ConfigSchemas schemas{catalog};
  std::optional<ConfigSources> sources;
};

}  // namespace eh::host::test
