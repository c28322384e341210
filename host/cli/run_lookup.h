// Finds runs that were submitted to a cluster, by the files alone: any login
// node that sees the output directory will do, with or without the plugin.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/options.h"
#include "cluster/slurm/client.h"
#include "cluster/spec.h"
#include "plan/workspace.h"

namespace eh::host {

/// Where results go, by the configuration: there may be several where groups
/// have their own.
std::vector<std::string> output_directories(const Options& options);

/// The run that `name` means, "" for the newest. Throws Error (usage): "cannot
/// WHAT_FOR: ...".
RunSpec find_cluster_run(const Options& options, const std::string& name,
                         const std::string& what_for);

/// All runs that were submitted to a cluster, the newest first, `most` of them.
/// Those whose files cannot be read are left out.
std::vector<RunSpec> cluster_runs(const std::string& output, std::size_t most);

/// The configuration of a run as it was when it was submitted. Where its plugin
/// cannot be loaded here, without what classes of groups changed.
class ClusterConfig {
 public:
  /// `verbosity` is that of now; the greater counts.
  explicit ClusterConfig(const RunSpec& spec, int verbosity = 0);

  Config config() const;
  std::unique_ptr<Scheduler> scheduler() const {
    return connect_slurm(config());
  }
  Settings settings() const { return settings_of(config()); }
  ResultTree tree() const;

 private:
  const RunSpec& spec_;
  const int verbosity_;
  std::unique_ptr<Workspace> workspace_;  // null: it cannot be loaded
  const WorkspaceSources from_;
  ConfigSources sources_;
  ConfigSchemas schemas_;
};

/// What a command that looks at results works on: what the options say, or, if
/// they name no plugin, what the run was that they mean.
std::unique_ptr<Workspace> workspace_to_look_at(const Options& options);

}  // namespace eh::host
