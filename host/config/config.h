// The configuration: values from all layers, each knowing where it came from.
//
// Later wins: defaults, the group's class, what an experiment was registered
// with, the configuration file, the environment, the command line.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"
#include "config/schema.h"

namespace eh::host {

/// The effective values for a group, or for one experiment.
class Config {
 public:
  enum Layer { builtin, group_class, registered, file, environment, command };
  struct Entry {
    JsonValue value;
    Layer layer = builtin;
    std::string origin;  ///< "default", "class MyConfig", "eh.config.json:3:5"
  };

  /// The defaults. `schema` has to outlive this.
  explicit Config(const ConfigSchema& schema);

  const ConfigSchema& schema() const { return *schema_; }
  /// By the name of a key, which has to exist.
  const Entry& at(std::string_view name) const;
  Entry& at(std::string_view name);
  /// In the order of the schema's keys.
  const std::vector<Entry>& entries() const { return entries_; }

  /// What an experiment is given and its verdict keeps, as a JSON object: the
  /// values of the group's class, and those of the framework that were set. No
  /// secrets; "" if there is nothing.
  std::string experiment_json() const;
  /// The values of the group's class alone, sorted by name, so that the order
  /// of its members makes no difference; "" if it has none.
  std::string own_json() const;

 private:
  const ConfigSchema* schema_;
  std::vector<Entry> entries_;
};

/// Values with dotted names as one object of objects.
JsonValue nested(
    const std::vector<std::pair<std::string, const JsonValue*>>& values);

/// The schemas of all groups: of those that have a configuration class, and
/// the framework's alone for all others.
class ConfigSchemas {
 public:
  ConfigSchemas() = default;
  /// Throws Error (bad_plugin) if a class cannot be used.
  explicit ConfigSchemas(const Catalog& catalog);

  const ConfigSchema& of(const std::string& group) const;
  const ConfigSchema& framework() const { return framework_; }
  /// By group.
  const std::map<std::string, ConfigSchema>& classes() const {
    return classes_;
  }
  /// All groups of the catalog; none if no plugin was loaded.
  const std::vector<std::string>& groups() const { return groups_; }
  /// Whether experiments of a group have such a parameter.
  bool is_parameter(const std::string& group, const std::string& name) const;
  /// Whether some class has a value of this name, or values below it. Where no
  /// plugin was loaded, any name may be one.
  bool any_has(const std::string& name) const;

 private:
  ConfigSchema framework_;
  std::map<std::string, ConfigSchema> classes_;
  std::vector<std::string> groups_;
  std::set<std::pair<std::string, std::string>> parameters_;
};

}  // namespace eh::host
