#include "run/child_launch.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "base/error.h"
#include "base/text.h"
#include "base/version.h"
#include "contract/child.h"
#include "contract/program.h"
#include "json/write.h"
#include "os/elf_file.h"
#include "os/gpus.h"
#include "os/host_name.h"
#include "os/launch_environment.h"
#include "os/spawn.h"

namespace eh::host {
namespace {

// Whether `entry`, "NAME=value", is of the variable `name`, or of a further
// part of it.
bool is_of(std::string_view entry, std::string_view name, bool or_part) {
  if (!entry.starts_with(name)) return false;
  entry.remove_prefix(name.size());
  return entry.starts_with('=') || (or_part && entry.starts_with('_'));
}

// The user's environment without what a child gets from us.
std::vector<std::string> inherited_environment(const std::string& launch) {
  static constexpr const char* ours[] = {
      contract::env_group,   contract::env_experiment,
      contract::env_leaf,    contract::env_attempt,
      contract::env_workers, contract::env_slot,
      contract::env_seed,    contract::env_run,
      contract::env_owner,   contract::env_launch,
      contract::env_plugin,  contract::env_verdict_file};
  auto environment = environment_for_children(current_environment(), launch);
  std::erase_if(environment, [](const std::string& entry) {
    for (const auto* name : ours)
      if (is_of(entry, name, false)) return true;
    return is_of(entry, contract::env_verdict, true) ||
           is_of(entry, contract::env_config, true);
  });
  return environment;
}

// Sets a variable, or several where the kernel allows no longer one.
void set_in_parts(std::vector<std::string>& environment, std::string name,
                  std::string_view value) {
  constexpr std::size_t most = 100'000;
  for (int part = 1; !value.empty(); ++part) {
    environment.push_back(name);
    if (part > 1) environment.back() += '_' + std::to_string(part - 1);
    environment.back() += '=';
    environment.back() += value.substr(0, most);
    value.remove_prefix(std::min(most, value.size()));
  }
}

// Of two entries of one name, programs see the first, or the last.
void replace(std::vector<std::string>& environment, const std::string& name,
             const std::string& value) {
  std::erase_if(environment, [&](const std::string& entry) {
    return is_of(entry, name, false);
  });
  environment.push_back(name + '=' + value);
}

// A command line that names thousands of experiments is in run.json, whole.
std::string shortened(const std::string& command) {
  constexpr std::size_t most = 2000;
  return command.size() <= most ? command : command.substr(0, most) + "...";
}

// What SLURM says of the job this runs in, if it does.
std::string slurm_json() {
  JsonObject out;
  for (const auto& [key, name] : {std::pair{"job", "SLURM_JOB_ID"},
                                  {"array_job", "SLURM_ARRAY_JOB_ID"},
                                  {"array_task", "SLURM_ARRAY_TASK_ID"},
                                  {"node", "SLURMD_NODENAME"},
                                  {"restarts", "SLURM_RESTART_COUNT"}})
    if (const char* value = std::getenv(name)) out.text(key, value);
  return out.members().empty() ? "" : out.str();
}

}  // namespace

ChildLaunches::ChildLaunches(const Catalog& catalog,
                             std::map<std::size_t, PluginSnapshot> snapshots,
                             const ResultTree& tree, LaunchSettings settings,
                             ConfigOf config_of)
    : catalog_(catalog),
      snapshots_(std::move(snapshots)),
      tree_(tree),
      settings_(std::move(settings)),
      config_of_(std::move(config_of)),
      environment_(inherited_environment(settings_.launch_directory)) {
  const auto workers = std::to_string(settings_.workers);
  environment_.push_back(std::string(contract::env_workers) + '=' + workers);
  environment_.push_back(std::string(contract::env_run) + '=' +
                         settings_.run_id);
  environment_.push_back(
      std::string(contract::env_owner) + '=' +
      (settings_.owner.empty() ? settings_.run_id : settings_.owner));
  environment_.push_back(std::string(contract::env_launch) + '=' +
                         settings_.launch_directory);
  if (!std::getenv("OMP_NUM_THREADS"))
    environment_.push_back("OMP_NUM_THREADS=" + workers);
  for (const auto& [plugin, snapshot] : snapshots_) {
    libraries_[plugin] = libraries_of(catalog_.plugins[plugin]);
    plugin_json_[plugin] = plugin_json(plugin);
    library_places_[plugin] =
        relative_places(ElfFile(catalog.plugins[plugin].path).run_path(),
                        settings_.launch_directory);
  }
  JsonObject run;
  run.text("host", host_name())
      .text("run", settings_.run_id)
      .text("command", shortened(settings_.command))
      .text("launch_directory", settings_.launch_directory)
      .text("eh", version);
  if (const auto slurm = slurm_json(); !slurm.empty()) run.raw("slurm", slurm);
  run_members_ = run.members();
}

const std::string& ChildLaunches::built_at(std::size_t plugin) const {
  return plugin < settings_.built_at.size() ? settings_.built_at[plugin]
                                            : catalog_.plugins[plugin].path;
}

std::string ChildLaunches::plugin_json(std::size_t plugin) const {
  const auto& info = catalog_.plugins[plugin];
  const auto& snapshot = snapshots_.at(plugin);
  JsonObject out;
  out.text("path", built_at(plugin))
      .text("build_id", snapshot.build_id())
      .text("sha1", snapshot.sha1())
      .text("sdk", info.sdk)
      .text("compiler", info.compiler);
  if (!info.flags.empty()) out.text("flags", info.flags);
  if (info.is_slow()) out.boolean("optimised", false);
  if (!info.commit.empty()) out.text("commit", info.commit);
  if (info.dirty) out.boolean("dirty", *info.dirty);
  return out.raw("libraries", libraries_json(libraries_.at(plugin))).str();
}

std::uint64_t ChildLaunches::seed(const Attempt& attempt) const {
  return experiment_seed(settings_.salt,
                         catalog_.families[attempt.experiment.family].group,
                         attempt.name);
}

Limits ChildLaunches::limits(const Attempt& attempt) {
  const auto& config = config_of_(attempt.experiment);
  // Whoever debugs takes the time it takes.
  return {settings_.debugger.empty() ? config.timeout : 0, config.retries};
}

std::string ChildLaunches::verdict_members(const Attempt& attempt) {
  const auto& config = config_of_(attempt.experiment);
  return members(attempt, config, config.json);
}

std::string ChildLaunches::members(const Attempt& attempt,
                                   const ExperimentConfig& config,
                                   std::string_view config_json) const {
  const Family& family = catalog_.families[attempt.experiment.family];
  JsonObject out;
  out.text("group", family.group)
      .text("experiment", attempt.name)
      .natural("attempt", attempt.number);
  if (attempt.resumes) out.boolean("resumed", true);
  out.raw("parameters", family.parameters_json(attempt.experiment.point));
  if (!config_json.empty()) out.raw("config", config_json);
  if (!config.hash.empty()) out.text("config_hash", config.hash);
  out.natural("seed", seed(attempt));
  if (!settings_.salt.empty()) out.text("salt", settings_.salt);
  out.natural("workers", settings_.workers).natural("slot", attempt.slot);
  if (!attempt.gpus.empty()) out.text("gpus", attempt.gpus);
  return out.members(run_members_)
      .raw("plugin", plugin_json_.at(family.origin.plugin))
      .members();
}

Launch ChildLaunches::launch(const Attempt& attempt) {
  const Family& family = catalog_.families[attempt.experiment.family];
  const auto point = attempt.experiment.point;
  require_unchanged(libraries_.at(family.origin.plugin),
                    catalog_.plugins[family.origin.plugin].path);
  Launch out;
  out.arguments = settings_.debugger;
  // The parent of a debugged child is the debugger: no check of its parent.
  const auto parent = settings_.debugger.empty() ? ::getpid() : 0;
  const auto& plugin = snapshots_.at(family.origin.plugin).path();
  if (catalog_.plugins[family.origin.plugin].is_program)
    out.arguments.insert(out.arguments.end(), {plugin, contract::child_word});
  else
    out.arguments.push_back(settings_.child);
  for (auto&& word :
       {std::string("run"), plugin, std::to_string(family.child_id(point)),
        std::to_string(family.child_point(point)), std::to_string(parent),
        family.group, attempt.name})
    out.arguments.push_back(word);
  out.directory = tree_.leaf_path(attempt.leaf);
  if (!settings_.foreground) out.output = contract::output_file;
  out.environment = environment_;
  add_library_places(out.environment, library_places_.at(family.origin.plugin));
  auto set = [&](const char* name, const std::string& value) {
    out.environment.push_back(std::string(name) + '=' + value);
  };
  set(contract::env_group, family.group);
  set(contract::env_experiment, attempt.name);
  set(contract::env_leaf, out.directory);
  set(contract::env_plugin, built_at(family.origin.plugin));
  set(contract::env_attempt, std::to_string(attempt.number));
  set(contract::env_slot, std::to_string(attempt.slot));
  if (!attempt.gpus.empty())
    for (const auto& [name, value] :
         gpu_variables(attempt.gpus, real_environment()))
      replace(out.environment, name, value);
  set(contract::env_seed, std::to_string(seed(attempt)));
  if (tree_.verdict_file() != contract::verdict_file)
    set(contract::env_verdict_file, tree_.verdict_file());
  const auto& config = config_of_(attempt.experiment);
  set_in_parts(out.environment, contract::env_config, config.json);
  set_in_parts(out.environment, contract::env_verdict,
               members(attempt, config,
                       config.json.empty() ? "" : contract::config_mark));
  return out;
}

}  // namespace eh::host
