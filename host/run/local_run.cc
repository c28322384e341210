#include "run/local_run.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/error.h"
#include "base/text.h"
#include "events/log_record.h"
#include "os/cpus.h"
#include "os/gpus.h"
#include "os/program.h"
#include "plan/done_look.h"
#include "run/experiment_source.h"
#include "run/passing_leases.h"
#include "run/prepare.h"

namespace eh::host {
namespace {

// CPUs that this process may use, shared among experiments.
std::size_t default_jobs(std::size_t workers) {
  return std::max<std::size_t>(1, usable_cpus() / workers);
}

// Where each experiment is to have GPUs and it is known which there are.
std::vector<std::string> shared_gpus(std::size_t each, std::size_t& jobs) {
  if (each == 0) return {};
  const auto devices = allowed_gpus(real_environment());
  if (devices.empty()) return {};
  jobs = std::clamp<std::size_t>(devices.size() / each, 1, jobs);
  return share_gpus(devices, jobs, each);
}

// What has its verdict is looked at for the index.
class NotedSource : public ListSource {
 public:
  NotedSource(std::vector<Experiment> list, DoneNotes& notes)
      : ListSource(std::move(list)), notes_(notes) {}
  void finished(const Experiment& experiment, bool settled) override {
    if (settled) notes_.add(experiment);
  }

 private:
  DoneNotes& notes_;
};

}  // namespace

LocalRun::LocalRun(const Workspace& workspace, LocalRunOptions options,
                   Listener listener)
    : workspace_(workspace),
      options_(std::move(options)),
      settings_(workspace.settings(options_.group)),
      listener_(std::move(listener)) {}

RunEnded LocalRun::run(const std::vector<Experiment>& selection) {
  const auto begin = Clock::now();
  std::size_t jobs =
      options_.foreground
          ? 1
          : settings_.jobs.value_or(default_jobs(settings_.workers));
  const auto wanted = jobs;
  jobs = std::min(jobs, most_processes());
  if (jobs < wanted)
    warn("no more than " + std::to_string(jobs) +
         " run at a time: there are not descriptors for more (raise the limit:"
         " ulimit -Hn)");
  gpus_ = shared_gpus(options_.gpus, jobs);
  const auto& catalog = workspace_.catalog();
  const auto look = workspace_.results(options_.group);
  const auto work = find_work(catalog, selection, look, workspace_.staleness(),
                              options_.force);
  const auto& todo = work.todo;
  tidy(todo.untidy);
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
      ended.exit_code = run_todo(work, std::move(started), ended.counts);
    } catch (const std::exception& error) {
      tell(RunBroken{error.what()});
      throw;
    }
  }
  ended.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  tell(ended);
  return ended;
}

// What kills left in leaves that are done is of no consequence, nor is that
// this user may not remove it.
void LocalRun::tidy(const std::vector<std::string>& leaves) const {
  if (leaves.empty()) return;
  try {
    ResultTree tree(settings_.output, leaf_rules(settings_), false);
    PassingLeases owner(tree);
    for (const auto& leaf : leaves) {
      owner.leases().keep_alive();
      try {
        tree.tidy(leaf, owner.leases());
      } catch (const std::system_error&) {
      }
    }
  } catch (const std::system_error&) {
  }
}

void LocalRun::tell(const Event& event) {
  if (folder_) folder_->write(event);
  listener_(event);
}

int LocalRun::run_todo(const ForcedTodo& work, RunStarted started,
                       Counts& counts) {
  const auto& catalog = workspace_.catalog();
  const auto& todo = work.todo.experiments;
  const auto& run_id = started.run_id;
  if (options_.notes) note_slow_plugins(catalog, todo);
  // Throws for what no process can be given, before any is started.
  for (const auto& experiment : todo) workspace_.configs().of(experiment);
  ResultTree tree(settings_.output, leaf_rules(settings_), true);
  folder_.emplace(tree.fd(), started);
  Leases leases(tree.fd(), Owner::self(run_id));
  leases.heartbeat();
  auto copies = snapshots_for(catalog, todo, tree);
  auto settings = launch_settings(run_id);
  settings.child = child_program();
  const auto child = settings.child;
  ChildLaunches launches(catalog, std::move(copies), tree, std::move(settings),
                         workspace_.config_of());
  // In the foreground Ctrl-C is the experiment's or the debugger's.
  if (options_.foreground) ::signal(SIGINT, SIG_IGN);
  const auto processes = make_processes(child, run_id);

  const auto staleness = workspace_.staleness();
  DoneNotes notes(catalog, tree, staleness);
  tell(started);
  auto options = run_options(started.jobs);
  std::optional<ForceOrder> order;
  if (!options_.force.empty()) {
    order = take_order(tree.fd(), options_.force, work, run_id);
    options.counts = [&](const std::string& owner) {
      return order->has(owner);
    };
    if (!work.order.empty()) tell(Notice{log_level::info, going_on_text(work)});
  }
  Runner runner({catalog, tree, leases, *processes, launches},
                std::move(options),
                [this](const Event& event) { tell(event); });
  runner.tick_seconds = tick_seconds;
  runner.on_tick = on_tick;
  NotedSource source(todo, notes);
  const int code = runner.run(source, counts);
  notes.write();
  if (order && (code == exit_done || code == exit_failed))
    end_order(tree.fd(), options_.force, *order);
  return code;
}

RunOptions LocalRun::run_options(std::size_t jobs) const {
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

LaunchSettings LocalRun::launch_settings(const std::string& run_id) const {
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
