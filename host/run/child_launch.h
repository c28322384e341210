// How an experiment's process is started: eh-child with its arguments, its
// environment and configuration, and the members of the verdict that are known
// before.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"
#include "catalog/library.h"
#include "catalog/snapshot.h"
#include "config/experiment_config.h"
#include "leaf/leaf.h"
#include "run/launches.h"

namespace eh::host {

struct LaunchSettings {
  std::string child;  ///< the path of eh-child
  std::string run_id;
  std::string owner;             ///< the id of this host; "": run_id
  std::string launch_directory;  ///< where the user started the host
  std::string command;           ///< as typed
  std::string salt;              ///< of the seeds; may be empty
  std::size_t workers = 1;
  bool foreground = false;            ///< the terminal is the experiment's
  std::vector<std::string> debugger;  ///< words put before the command
  /// Where plugins were built that are loaded from elsewhere, by their place
  /// in the catalog; none: where the catalog says.
  std::vector<std::string> built_at = {};
};

class ChildLaunches : public Launches {
 public:
  /// `snapshots` has one entry for each plugin of the catalog that is used.
  ChildLaunches(const Catalog& catalog,
                std::map<std::size_t, PluginSnapshot> snapshots,
                const ResultTree& tree, LaunchSettings settings,
                ConfigOf config_of);

  Limits limits(const Attempt& attempt) override;
  Launch launch(const Attempt& attempt) override;
  std::string verdict_members(const Attempt& attempt) override;

 private:
  std::uint64_t seed(const Attempt& attempt) const;
  std::string members(const Attempt& attempt, const ExperimentConfig& config,
                      std::string_view config_json) const;
  const std::string& built_at(std::size_t plugin) const;
  std::string plugin_json(std::size_t plugin) const;

  const Catalog& catalog_;
  std::map<std::size_t, PluginSnapshot> snapshots_;
  const ResultTree& tree_;
  LaunchSettings settings_;
  ConfigOf config_of_;
  std::vector<std::string> environment_;
  std::map<std::size_t, std::vector<Library>> libraries_;
  std::map<std::size_t, std::string> plugin_json_;
  /// Where a plugin has relative run paths, their absolute form.
  std::map<std::size_t, std::vector<std::string>> library_places_;
  std::string run_members_;
};

}  // namespace eh::host
