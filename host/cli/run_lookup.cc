#include "cli/run_lookup.h"

#include <fcntl.h>

#include <algorithm>
#include <functional>
#include <system_error>

#include "base/error.h"
#include "config/check.h"
#include "os/file.h"

namespace eh::host {
namespace {

Fd open_tree(const std::string& path) {
  return Fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

void add(std::vector<std::string>& paths, const std::string& path) {
  if (std::find(paths.begin(), paths.end(), path) == paths.end())
    paths.push_back(path);
}

}  // namespace

std::vector<std::string> output_directories(const Options& options) {
  std::vector<std::string> out;
  const ConfigSchemas schemas;
  const auto from = sources_of(options);
  const auto sources = config_sources(from);
  check_form(sources);
  add(out,
      settings_of(sources.resolve(schemas.framework(), options.query.group))
          .output);
  try {
    const Workspace workspace(from, options.query, Workspace::optional);
    for (const auto& group : workspace.catalog().group_names())
      add(out, workspace.settings(group).output);
  } catch (const Error&) {
    // Its results can be found without it.
  }
  return out;
}

RunSpec find_cluster_run(const Options& options, const std::string& name,
                         const std::string& what_for) {
  const auto cannot = "cannot " + what_for + ": ";
  std::optional<Error> why;
  std::optional<RunSpec> newest;
  for (const auto& path : output_directories(options)) {
    const auto tree = open_tree(path);
    if (!tree) continue;
    try {
      auto spec = read_spec(tree.get(), find_run(tree.get(), name));
      if (!newest || newest->run_id < spec.run_id) newest = std::move(spec);
    } catch (const Error& error) {
      if (!why) why = error;
    }
  }
  if (newest) return *std::move(newest);
  if (why) throw Error(why->code(), cannot + why->what());
  throw Error(exit_usage, cannot + "there are no runs: the output directory '" +
                              output_directories(options).at(0) +
                              "' does not exist (--output names another one)");
}

std::vector<RunSpec> cluster_runs(const std::string& output, std::size_t most) {
  std::vector<RunSpec> out;
  const auto tree = open_tree(output);
  if (!tree) return out;
  std::vector<std::string> runs;
  try {
    runs = run_ids(tree.get());
  } catch (const std::system_error&) {
    return out;
  }
  for (const auto& run : runs) {
    if (out.size() == most) break;
    if (!was_on_cluster(tree.get(), run)) continue;
    try {
      out.push_back(read_spec(tree.get(), run));
    } catch (const Error&) {  // of somebody else, or of another version
    }
  }
  return out;
}

ClusterConfig::ClusterConfig(const RunSpec& spec, int verbosity)
    : spec_(spec),
      verbosity_(std::max(verbosity, spec.verbosity)),
      from_(sources_of(spec, Secrets::wanted)),
      sources_(config_sources(from_)) {
  try {
    workspace_ = std::make_unique<Workspace>(from_, spec.plugins);
  } catch (const Error&) {  // of another machine, or deleted
  }
}

Config ClusterConfig::config() const {
  auto out = workspace_ ? workspace_->config(spec_.group)
                        : sources_.resolve(schemas_.framework(), spec_.group);
  apply_verbosity(out, verbosity_);
  return out;
}

ResultTree ClusterConfig::tree() const {
  return ResultTree(spec_.output, leaf_rules(settings()), false);
}

std::unique_ptr<Workspace> workspace_to_look_at(const Options& options) {
  if (options.run_id.empty()) {
    auto out = std::make_unique<Workspace>(sources_of(options), options.query,
                                           Workspace::optional);
    if (!out->catalog().plugins.empty()) return out;
  }
  std::optional<RunSpec> spec;
  try {
    spec = find_cluster_run(options, options.run_id, "look at it");
  } catch (const Error&) {
    if (!options.run_id.empty()) throw;
    // That there is no plugin is what is to be told.
    return std::make_unique<Workspace>(sources_of(options), options.query);
  }
  // Wherever this process was started, and what was moved since.
  spec->settings.push_back({"output_directory", spec->output, "--output"});
  return std::make_unique<Workspace>(sources_of(*spec, Secrets::unwanted),
                                     spec->plugins);
}

}  // namespace eh::host
