// A catalog with configuration classes, for those that try configuration.
#pragma once

#include <string>

#include "catalog/catalog.h"

namespace eh::host::test {

/// struct MyConfig : eh::Config {
///   std::string message = "Hello"; int number = 42; std::vector<int> sizes;
///   std::map<std::string, double> weights{{"a", 1}}; std::filesystem::path
///   data = "data"; struct { int layers = 3; double rate = 0.1; } model; };
/// which changes output_directory to "out" and slurm.gpus to 1.
std::string my_config();

/// The catalog of a plugin with the groups `main` (MyConfig), `other` (a class
/// with the real `number`, the text `extra`, the optional text `note` and the
/// map of paths `places`, of which "b" is "x") and `plain` (none), each with
/// the experiments a, sweep/1 and sweep/2.
Catalog config_catalog();

}  // namespace eh::host::test
