// What commands work on: the configuration, the plugins that it names, and
// what both say of a group.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "cli/options.h"
#include "cluster/spec.h"
#include "config/experiment.h"
#include "config/settings.h"
#include "config/sources.h"
#include "leaf/leaf.h"
#include "plan/todo.h"

namespace eh::host {

/// Whether who works on a run that was submitted needs secrets: a run keeps
/// none. They are those of this process, and of the configuration file that the
/// run had, as it is now.
enum class Secrets { unwanted, wanted };

class Workspace {
 public:
  enum Plugins {
    required,
    optional,  ///< an empty catalog, if no plugin is named anywhere
  };
  /// Reads the configuration and describes the plugins. Warnings go to stderr.
  /// Throws Error: mistakes in the configuration (usage), bad plugins.
  explicit Workspace(const Options& options, Plugins plugins = required);
  /// What a run on a cluster works on: the configuration as it was, and the
  /// copies of its plugins. Throws Error (bad_plugin) if one cannot be loaded
  /// here.
  explicit Workspace(const RunSpec& spec, Secrets secrets = Secrets::unwanted);
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  const Catalog& catalog() const { return catalog_; }
  const ConfigSchemas& schemas() const { return schemas_; }
  const ConfigSources& sources() const { return sources_; }

  /// What a RunSpec says of the configuration: that of this.
  void describe(RunSpec& spec) const;

  Config config(const std::string& group) const;
  Config config(const Experiment& experiment) const;
  Settings settings(const std::string& group) const;
  /// The results of a group, to look at.
  ResultTree results(const std::string& group) const;

  /// The experiments that are asked for, with a warning on stderr about
  /// patterns that match nothing. Throws Error as select() of selection.h.
  std::vector<Experiment> select(const Query& query,
                                 const StateFilter& states) const;
  /// Looks at leaves of a group, and how they differ from what would run now.
  LeafReader reader(const ResultTree& results) const;
  Staleness staleness() const;

  /// Of single experiments; not to outlive this.
  ConfigOf config_of() const;
  ExperimentConfigs& configs() const { return configs_; }

 private:
  /// What a relative output directory is relative to; "": to this process's.
  const std::string launch_directory_;
  const std::optional<ConfigText> file_;
  const int verbosity_;
  ConfigSources sources_;
  Catalog catalog_;
  ConfigSchemas schemas_;
  mutable ExperimentConfigs configs_;  // remembers what it merged
};

/// The values that a configuration file can have, whatever mistakes it has
/// now: those of the plugins that can be loaded, with warnings about others.
ConfigSchemas known_schemas(const Options& options);

/// The configuration of a run on a cluster.
ConfigSources sources_of(const RunSpec& spec, Secrets secrets);

LeafRules leaf_rules(const Settings& settings);

}  // namespace eh::host
