// The main command: runs the selected experiments.

#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "base/error.h"
#include "base/text.h"
#include "cli/cluster_run.h"
#include "cli/commands.h"
#include "cli/confirm.h"
#include "cli/late_command.h"
#include "cluster/slurm/allocation.h"
#include "cluster/slurm/settings.h"
#include "os/gpus.h"
#include "os/launch_environment.h"
#include "os/program.h"
#include "report/listeners.h"
#include "run/local_run.h"

namespace eh::host {
namespace {

// Throws Error (usage) if there is no such program.
void check_debugger(const std::string& name) {
  const char* path = std::getenv("PATH");
  for (const auto& folder : split(path ? path : "", ':')) {
    const auto file = name.find('/') == name.npos ? folder + '/' + name : name;
    if (::access(file.c_str(), X_OK) == 0) return;
  }
  throw Error(exit_usage, "cannot use --debugger '" + name +
                              "': there is no such program (install it, or"
                              " name it with its path)");
}

void warn_of_login_node(const Allocation& allocation) {
  if (!allocation.is_here)
    warn("this is not a node of SLURM's job " + allocation.job + " (" +
         allocation.nodes +
         "), but the experiments run on this machine ('srun -n1 " +
         this_program().command +
         " ...' runs them on a node of the job, --slurm submits jobs)");
}

// Why so many at a time, where it is not this machine that says so.
void print_cpus_of_job(const Allocation& allocation, const Settings& settings) {
  if (!allocation.cpus || settings.jobs) return;
  std::cerr << this_program().name << ": using the "
            << count_text(allocation.cpus, "CPU") << " of SLURM's job "
            << allocation.job << " on this machine (-j says otherwise)\n";
}

// Who asks for a cluster's resources wants a cluster.
void warn_of_slurm_options(const Options& options) {
  std::string first;
  for (const auto& setting : options.settings) {
    if (setting.option == "--no-slurm") return;
    if (first.empty() && setting.option.starts_with("--slurm-"))
      first = setting.option;
  }
  if (!first.empty())
    warn(first +
         " is given, but this runs on this machine (--slurm runs on a"
         " cluster, --no-slurm says that this is meant)");
}

// Hosts share the experiments, each of which runs once: not in all ranks.
void warn_of_ranks() {
  const auto rank = rank_of(real_environment());
  if (rank && rank->is_first)
    warn("this is one of " + std::to_string(rank->ranks) +
         " processes of a parallel job (" + rank->variable +
         "): they share the experiments, of which each runs in one process"
         " (start this once, and mpirun or srun in the experiment)");
}

// On a terminal, where a slip of the finger may cost days.
void confirm_force(const Options& options, const Workspace& workspace,
                   const std::vector<Experiment>& selection) {
  if (!options.force || options.yes || !can_ask()) return;
  const auto& catalog = workspace.catalog();
  const auto tree = workspace.results(options.query.group);
  const auto staleness = workspace.staleness();
  const auto work =
      find_forced(catalog, selection, tree, staleness, options.force_key());
  const auto done =
      find_todo(catalog, work.todo.experiments, tree, staleness).done;
  if (done <= few_results) return;
  confirm("--force will run " + count_text(done, "finished experiment") +
              " again; each result stays until there is a new one. Go on?",
          "--force");
}

}  // namespace

int run_command(const Options& options) {
  warn_of_ranks();
  const Workspace workspace(sources_of(options), options.query);
  const auto& group = options.query.group;
  refuse_late_command(options, workspace.catalog());
  const auto selection = workspace.select(options.query, options.states);
  if (!options.debugger.empty()) check_debugger(options.debugger[0]);
  if (options.foreground && selection.size() != 1)
    throw Error(exit_usage,
                "cannot run in the foreground: " +
                    count_text(selection.size(), "experiment") +
                    " selected (--interactive takes one NAME, --debugger"
                    " needs a pattern that matches one)");
  confirm_force(options, workspace, selection);
  const auto config = workspace.config(group);
  const bool cluster = goes_to_cluster(options, config);
  Listeners listeners(
      {options.json, options.foreground, options.progress, cluster}, config,
      group);
  if (cluster)
    return run_on_cluster(workspace,
                          {{group, options.force_key(), options.command_line},
                           options.detach,
                           options.json},
                          selection, listeners);
  warn_of_slurm_options(options);
  if (const auto allocation = this_allocation()) {
    warn_of_login_node(*allocation);
    print_cpus_of_job(*allocation, workspace.settings(group));
  }
  LocalRun run(
      workspace,
      {group, options.force_key(), options.foreground, options.debugger,
       options.command_line, true, slurm_settings_of(config).gpus},
      [&](const Event& event) { listeners.on(event); });
  run.on_tick = [&] { listeners.tick(); };
  run.tick_seconds = listeners.tick_seconds();
  const int code = run.run(selection).exit_code;
  return code == exit_done && listeners.lost_events() ? exit_write : code;
}

}  // namespace eh::host
