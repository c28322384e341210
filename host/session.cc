#include "session.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <system_error>
#include <thread>

#include "error.h"
#include "gpus.h"
#include "journal.h"
#include "program.h"
#include "slurm_settings.h"
#include "supply.h"
#include "text.h"

namespace eh::host {
namespace {

// CPUs that this process may use, shared among experiments.
std::size_t default_jobs(std::size_t workers) {
  cpu_set_t allowed;
  std::size_t cpus = std::thread::hardware_concurrency();
  if (::sched_getaffinity(0, sizeof allowed, &allowed) == 0)
    cpus = static_cast<std::size_t>(CPU_COUNT(&allowed));
  // SLURM need not confine a job to the CPUs that it was given.
  if (const char* given = std::getenv("SLURM_CPUS_ON_NODE"))
    if (const auto count = std::strtoul(given, nullptr, 10); count > 0)
      cpus = std::min<std::size_t>(cpus, count);
  return std::max<std::size_t>(1, cpus / workers);
}

// Where each experiment is to have GPUs and it is known which there are.
std::vector<std::string> shared_gpus(std::size_t each, std::size_t& jobs) {
  if (each == 0) return {};
  const auto devices = allowed_gpus(real_environment());
  if (devices.empty()) return {};
  jobs = std::clamp<std::size_t>(devices.size() / each, 1, jobs);
  return share_gpus(devices, jobs, each);
}

// Deletes what the selected leaves hold: all of them, before anything runs.
// Refuses, with nothing deleted, while one of them is running.
void clear_leaves(const Catalog& catalog,
                  const std::vector<Experiment>& selection, ResultTree& tree,
                  Leases& leases) {
  for (const auto& experiment : selection) {
    const auto leaf = leaf_of(catalog, experiment);
    if (const auto holder = leases.holder(leaf); holder.exists())
      throw Error(exit_usage, "cannot use --force: '" + leaf +
                                  "' is running on " + holder.host +
                                  ", process " + std::to_string(holder.pid) +
                                  " (nothing was deleted; wait for it or stop"
                                  " it)");
  }
  for (const auto& experiment : selection) {
    const auto leaf = leaf_of(catalog, experiment);
    if (::faccessat(tree.fd(), leaf.c_str(), F_OK, 0) != 0) continue;
    if (!leases.acquire(leaf).acquired)
      throw Error(exit_usage, "cannot use --force: '" + leaf +
                                  "' was started by another host just now");
    tree.clear(leaf);
    tree.leave(leaf, leases);
    leases.heartbeat();
  }
}

std::map<std::size_t, PluginSnapshot> snapshots(
    const Catalog& catalog, const std::vector<Experiment>& todo,
    const ResultTree& tree) {
  std::map<std::size_t, PluginSnapshot> out;
  for (const auto& experiment : todo) {
    const auto plugin = catalog.families[experiment.family].origin.plugin;
    if (out.count(plugin)) continue;
    out.emplace(plugin, PluginSnapshot(catalog.plugins[plugin].path,
                                       tree.path() + "/.eh/plugins"));
  }
  return out;
}

// eh-child, or a copy of this program that stays as it is now. `copies` of its
// plugins may hold that already.
std::vector<std::string> child_of_run(
    const Catalog& catalog, const std::map<std::size_t, PluginSnapshot>& copies,
    const ResultTree& tree) {
  auto child = child_command();
  const auto& own = this_program().path;
  if (own.empty()) return child;
  for (const auto& [plugin, copy] : copies)
    if (catalog.plugins[plugin].path == own) {
      child[0] = copy.path();
      return child;
    }
  child[0] = PluginSnapshot(own, tree.path() + "/.eh/plugins").path();
  return child;
}

// Values that mean something this version cannot do must not be ignored.
void refuse_unsupported(const Config& config) {
  const auto& slurm = config.at("slurm.enabled");
  if (slurm.value.truth)
    throw Error(exit_usage, "cannot run on SLURM (slurm.enabled, from " +
                                slurm.origin +
                                "): this version runs on this machine only"
                                " (--no-slurm does that)");
}

}  // namespace

Session::Session(const Workspace& workspace, SessionOptions options,
                 Listener audience)
    : workspace_(workspace),
      options_(std::move(options)),
      settings_(workspace.settings(options_.group)),
      audience_(std::move(audience)) {
  refuse_unsupported(workspace.config(options_.group));
}

RunEnded Session::run(const std::vector<Experiment>& selection) {
  const auto begin = Clock::now();
  std::size_t jobs =
      options_.foreground
          ? 1
          : settings_.jobs.value_or(default_jobs(settings_.workers));
  gpus_ = shared_gpus(slurm_settings_of(workspace_.config(options_.group)).gpus,
                      jobs);
  const auto& catalog = workspace_.catalog();
  const auto look = workspace_.results(options_.group);
  const auto todo = find_todo(catalog, selection, look, workspace_.staleness(),
                              options_.force);
  RunStarted started{new_run_id(), options_.group,   options_.command_line,
                     look.path(),  selection.size(), todo.done,
                     jobs,         todo.stale};
  RunEnded ended;
  ended.counts.chosen = selection.size();
  ended.counts.done_before = todo.done;
  if (todo.experiments.empty()) {
    tell(started);
  } else {
    try {
      ended.exit_code =
          run_todo(todo.experiments, std::move(started), ended.counts);
    } catch (const std::exception& error) {
      tell(RunBroken{error.what()});
      throw;
    }
  }
  ended.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  tell(ended);
  return ended;
}

void Session::tell(const Event& event) {
  if (folder_) folder_->write(event);
  audience_(event);
}

int Session::run_todo(const std::vector<Experiment>& todo, RunStarted started,
                      Counts& counts) {
  const auto& catalog = workspace_.catalog();
  const auto& run_id = started.run_id;
  // Throws for what no process can be given, before any is started.
  for (const auto& experiment : todo) workspace_.configs().of(experiment);
  ResultTree tree(settings_.output, leaf_rules(settings_), true);
  folder_.emplace(tree.fd(), started);
  Leases leases(tree.fd(), Owner::self(run_id));
  leases.heartbeat();
  auto copies = snapshots(catalog, todo, tree);
  auto settings = launch_settings(run_id);
  settings.child = child_of_run(catalog, copies, tree);
  const auto child = settings.child;
  ChildLaunches launches(
      catalog, std::move(copies), tree, std::move(settings),
      [this](const Experiment& experiment) -> const ExperimentConfig& {
        return workspace_.configs().of(experiment);
      });
  // Nothing is deleted before all is there that running needs.
  if (options_.force) clear_leaves(catalog, todo, tree, leases);
  // In the foreground Ctrl-C is the experiment's or the debugger's.
  if (options_.foreground) ::signal(SIGINT, SIG_IGN);
  const auto processes = make_processes(child, run_id);

  Journal journal(tree.fd());
  const auto listener = [&](const Event& event) {
    if (const auto* ended = std::get_if<ExperimentEnded>(&event);
        ended && ended->status == Status::ok && has_journal(tree))
      journal.done(options_.group + '/' + ended->name);
    tell(event);
  };
  listener(started);
  Runner runner({catalog, tree, leases, *processes, launches},
                run_options(started.jobs), listener);
  runner.tick_seconds = tick_seconds;
  runner.on_tick = on_tick;
  ListSupply supply(todo);
  return runner.run(supply, counts);
}

RunOptions Session::run_options(std::size_t jobs) const {
  RunOptions out;
  out.jobs = jobs;
  out.grace_period = settings_.grace_period;
  out.max_fail = settings_.max_fail.value_or(0);
  // Nobody wants to wait at a terminal.
  out.start_delay = options_.foreground ? 0 : settings_.random_start_delay;
  out.foreground = options_.foreground;
  out.gpus = gpus_;
  return out;
}

LaunchSettings Session::launch_settings(const std::string& run_id) const {
  LaunchSettings out;
  out.run_id = run_id;
  out.launch_directory = std::filesystem::current_path().string();
  out.command = options_.command_line;
  out.salt = settings_.salt;
  out.workers = settings_.workers;
  out.foreground = options_.foreground;
  out.debugger = options_.debugger;
  return out;
}

}  // namespace eh::host
