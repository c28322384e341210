// The main command: runs the selected experiments.

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <set>
#include <system_error>
#include <thread>

#include "child_launch.h"
#include "commands.h"
#include "error.h"
#include "journal.h"
#include "program.h"
#include "reporter.h"
#include "run_folder.h"
#include "text.h"

namespace eh::host {
namespace {

// CPUs that this process may use, shared among experiments.
std::size_t default_jobs(std::size_t workers) {
  cpu_set_t allowed;
  std::size_t cpus = std::thread::hardware_concurrency();
  if (::sched_getaffinity(0, sizeof allowed, &allowed) == 0)
    cpus = static_cast<std::size_t>(CPU_COUNT(&allowed));
  return std::max<std::size_t>(1, cpus / workers);
}

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

// The listeners of a run, and the terminal they share.
class Audience {
 public:
  Audience(const Options& options)
      : json_(options.json),
        terminal_(1, wants_status_line(options), Terminal::wants_colours(1)),
        reporter_(terminal_, reporter_options(options)) {}

  void on(const Event& event) {
    if (json_) {
      const auto line = event_json(event, std::chrono::system_clock::now());
      std::fwrite((line + '\n').data(), 1, line.size() + 1, stdout);
      std::fflush(stdout);
    } else {
      reporter_.on(event);
    }
  }
  void tick() {
    if (!json_) reporter_.tick();
  }
  double tick_seconds() const {
    return terminal_.has_status_line() ? 0.1 : 0.25;
  }

 private:
  static bool wants_status_line(const Options& options) {
    if (options.foreground || options.json) return false;
    return options.progress == Options::bar ||
           (options.progress == Options::automatic && Terminal::is_terminal(1));
  }
  static ReporterOptions reporter_options(const Options& options) {
    ReporterOptions out;
    out.lines = options.progress != Options::none && !options.foreground;
    out.summary = options.progress != Options::none;
    out.log_level = options.verbosity >= 2 ? 10 : options.verbosity ? 20 : 30;
    return out;
  }

  bool json_;
  Terminal terminal_;
  Reporter reporter_;
};

class Session {
 public:
  explicit Session(const Options& options)
      : options_(options), audience_(options) {}

  int run() {
    const auto catalog = load_catalog(options_);
    auto selection = select_experiments(options_, catalog);
    {
      const ResultTree look(options_.output, {}, false);
      selection = filter_by_state(catalog, selection, look, options_.states);
    }
    if (!options_.debugger.empty()) check_debugger(options_.debugger[0]);
    if (options_.foreground && selection.size() != 1)
      throw Error(exit_usage,
                  "cannot run in the foreground: " +
                      count_text(selection.size(), "experiment") +
                      " selected (--interactive takes one NAME, --debugger"
                      " needs a pattern that matches one)");
    return run(catalog, selection);
  }

 private:
  int run(const Catalog& catalog, const std::vector<Experiment>& selection) {
    const auto begin = Clock::now();
    const auto jobs =
        options_.foreground
            ? 1
            : options_.jobs.value_or(default_jobs(options_.workers));
    const auto run_id = new_run_id();
    Todo todo;
    {
      const ResultTree look(options_.output, {}, false);
      todo = find_todo(catalog, selection, look, options_.force);
      RunStarted started{
          run_id,      options_.query.group, options_.command_line,
          look.path(), selection.size(),     todo.done,
          jobs};
      if (todo.experiments.empty()) audience_.on(started);
      started_ = std::move(started);
    }
    RunEnded ended;
    ended.counts.chosen = selection.size();
    ended.counts.done_before = todo.done;
    if (!todo.experiments.empty())
      ended.exit_code =
          run_todo(catalog, todo.experiments, run_id, jobs, ended.counts);
    ended.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    if (folder_) folder_->write(ended);
    audience_.on(ended);
    if (options_.states.stale && !options_.force && todo.experiments.empty() &&
        !options_.json)
      std::cerr << this_program().name +
                       ": these are done, although stale: --force deletes"
                       " and runs them again\n";
    return ended.exit_code;
  }

  int run_todo(const Catalog& catalog, const std::vector<Experiment>& todo,
               const std::string& run_id, std::size_t jobs, Counts& counts) {
    ResultTree tree(options_.output, {}, true);
    folder_.emplace(tree.fd(), run_id, options_, counts.chosen);
    Leases leases(tree.fd(), Owner::self(run_id));
    leases.heartbeat();
    LaunchSettings settings;
    auto copies = snapshots(catalog, todo, tree);
    settings.child = child_of_run(catalog, copies, tree);
    settings.run_id = run_id;
    settings.launch_directory = std::filesystem::current_path().string();
    settings.command = options_.command_line;
    settings.salt = options_.salt;
    settings.workers = options_.workers;
    settings.foreground = options_.foreground;
    settings.debugger = options_.debugger;
    const auto child = settings.child;
    std::vector<ExperimentConfig> configs;  // of the families
    for (const auto& family : catalog.families)
      configs.push_back({options_.timeout.value_or(family.timeout.value_or(0)),
                         options_.retries.value_or(family.retries.value_or(0)),
                         "", ""});
    ChildLaunches launches(
        catalog, std::move(copies), tree, std::move(settings),
        [&](const Experiment& experiment) -> const ExperimentConfig& {
          return configs[experiment.family];
        });
    // Nothing is deleted before all is there that running needs.
    if (options_.force) clear_leaves(catalog, todo, tree, leases);
    // In the foreground Ctrl-C is the experiment's or the debugger's.
    if (options_.foreground) ::signal(SIGINT, SIG_IGN);
    const auto processes = make_processes(child, run_id);

    Journal journal(tree.fd());
    const auto listener = [&](const Event& event) {
      folder_->write(event);
      if (const auto* ended = std::get_if<ExperimentEnded>(&event);
          ended && ended->status == Status::ok)
        journal.done(options_.query.group + '/' + ended->name);
      audience_.on(event);
    };
    listener(started_);
    Runner runner({catalog, tree, leases, *processes, launches},
                  run_options(jobs), listener);
    runner.tick_seconds = audience_.tick_seconds();
    auto heartbeat_at = Clock::now();
    runner.on_tick = [&] {
      audience_.tick();
      if (Clock::now() - heartbeat_at <
          std::chrono::duration<double>(heartbeat_seconds))
        return;
      heartbeat_at = Clock::now();
      try {
        leases.heartbeat();
      } catch (const std::system_error&) {
        // A full disk shows in the leaves.
      }
    };
    leases.heartbeat();
    return runner.run(todo, counts);
  }

  RunOptions run_options(std::size_t jobs) const {
    RunOptions out = options_.run_options;
    out.jobs = jobs;
    out.foreground = options_.foreground;
    return out;
  }

  const Options& options_;
  Audience audience_;
  RunStarted started_;
  std::optional<RunFolder> folder_;
};

}  // namespace

int run_command(const Options& options) {
  try {
    return Session(options).run();
  } catch (const std::system_error& error) {
    throw Error(exit_write, error.what());
  }
}

}  // namespace eh::host
