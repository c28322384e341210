// What commands work on: the configuration, the plugins that it names, and
// what both say of a group.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "config/experiment.h"
#include "config/settings.h"
#include "config/sources.h"
#include "leaf/leaf.h"
#include "plan/todo.h"

namespace eh::host {

/// Where the configuration of a workspace comes from, as ConfigSources takes
/// it.
struct WorkspaceSources {
  std::optional<ConfigText> file = {};
  Variables variables = {};
  std::vector<ConfigSetting> settings = {};
  /// What relative paths are relative to; "": to this process's directory.
  std::string launch_directory = {};
  int verbosity = 0;  ///< how often -v was given
};
ConfigSources config_sources(const WorkspaceSources& sources);

/// A plugin of a run that was submitted.
struct PluginCopy {
  std::string path;  ///< where it was built
  std::string copy;  ///< what is loaded
  std::string sha1;
  bool is_program = false;  ///< started as its own eh-child
};

class Workspace {
 public:
  enum Plugins {
    required,
    optional,  ///< an empty catalog, if no plugin is named anywhere
  };
  /// Reads the configuration and describes the plugins that it names, to work
  /// on what `query` asks for. Warnings go to stderr. Throws Error: mistakes in
  /// the configuration (usage), bad plugins.
  Workspace(WorkspaceSources sources, const Query& query,
            Plugins plugins = required);
  /// What a run that was submitted works on: the configuration as it was, and
  /// the copies of its plugins. Throws Error (bad_plugin) if one cannot be
  /// loaded here.
  Workspace(WorkspaceSources sources, const std::vector<PluginCopy>& plugins);
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  const Catalog& catalog() const { return catalog_; }
  const ConfigSchemas& schemas() const { return schemas_; }
  const ConfigSources& sources() const { return sources_; }

  /// Where the configuration came from, without its secrets.
  WorkspaceSources origin() const;

  Config config(const std::string& group) const;
  Config config(const Experiment& experiment) const;
  Settings settings(const std::string& group) const;
  /// The results of a group, to look at.
  ResultTree results(const std::string& group) const;

  /// The experiments that are asked for, with a warning on stderr about
  /// patterns that match nothing. Throws Error as select() of plan/selection.h.
  std::vector<Experiment> select(const Query& query,
                                 const StateFilter& states) const;
  /// Looks at leaves of a group, and how they differ from what would run now.
  LeafReader reader(const ResultTree& results) const;
  Staleness staleness() const;

  /// Of single experiments; not to outlive this.
  ConfigOf config_of() const;
  ExperimentConfigs& configs() const { return configs_; }

 private:
  const WorkspaceSources origin_;
  ConfigSources sources_;
  Catalog catalog_;
  ConfigSchemas schemas_;
  mutable ExperimentConfigs configs_;  // remembers what it merged
};

/// The values that a configuration file can have, whatever mistakes it has
/// now: those of the plugins that can be loaded, with warnings about others.
ConfigSchemas known_schemas(const WorkspaceSources& from);

LeafRules leaf_rules(const Settings& settings);

}  // namespace eh::host
