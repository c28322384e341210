#include "cluster/slurm/submit.h"

#include <fcntl.h>
#include <pwd.h>
#include <unistd.h>

#include <filesystem>
#include <random>

#include "base/error.h"
#include "base/text.h"
#include "base/version.h"
#include "cluster/array_jobs.h"
#include "cluster/slurm/client.h"
#include "cluster/slurm/hints.h"
#include "cluster/slurm/preview.h"
#include "cluster/slurm/script.h"
#include "cluster/stop_order.h"
#include "cluster/task_plan.h"
#include "os/below.h"
#include "os/node_local.h"
#include "os/program.h"
#include "os/signal_wait.h"
#include "os/spawn.h"
#include "os/walk.h"
#include "plan/force_order.h"
#include "run/folder.h"
#include "run/prepare.h"

namespace eh::host {
namespace {

std::string user_name() {
  const auto* entry = ::getpwuid(::geteuid());
  return entry ? entry->pw_name : std::to_string(::geteuid());
}

std::vector<PluginCopy> copied_plugins(const Catalog& catalog,
                                       const ResultTree& tree) {
  std::vector<PluginCopy> out;
  for (const auto& plugin : catalog.plugins) {
    const PluginSnapshot copy(plugin.path, snapshot_folder(tree));
    if (copy.path() == plugin.path)
      warn("'" + plugin.path +
           "' cannot be copied: the tasks load it where it is (build nothing"
           " there until the run has ended)");
    out.push_back({plugin.path, copy.path(), copy.sha1(), plugin.is_program});
  }
  return out;
}

std::vector<SpecExperiment> named(const Catalog& catalog,
                                  const std::vector<Experiment>& todo) {
  std::vector<SpecExperiment> out;
  out.reserve(todo.size());
  for (const auto& experiment : todo)
    out.push_back({experiment,
                   catalog.families[experiment.family].name(experiment.point)});
  return out;
}

// Whatever may still come into the cluster is to do nothing.
void stop_run(int tree, const std::string& run_id) {
  try {
    write_stop(tree, run_id, {"cancelled", "it was not submitted as a whole"});
  } catch (const std::system_error&) {
    // Then there is nothing to say to anybody.
  }
}

// Nothing of a run that never came into the cluster is worth anything.
void forget_run(int tree, const std::string& run_id) {
  try {
    remove_tree(tree, run_folder(run_id));
  } catch (const std::system_error&) {
    stop_run(tree, run_id);
  }
}

std::string indented(const std::string& text) {
  std::string out;
  for (const auto& line : split(text, '\n')) out += "\n  " + line;
  return out;
}

std::string words(const std::vector<std::string>& texts) {
  std::string out;
  for (const auto& text : texts) out += ' ' + text;
  return out;
}

std::string what_is_left(const SubmitFailed& failed) {
  std::string out;
  if (!failed.cancelled.empty())
    out += "\nwhat was in has been cancelled: job" + words(failed.cancelled);
  if (!failed.left.empty())
    out += "\nwhat is in could not be cancelled: scancel" + words(failed.left);
  if (!failed.unknown.empty())
    out += "\nnobody knows whether SLURM took the last job: scancel --name=" +
           failed.unknown;
  return out;
}

Error error_of(const SubmitFailed& failed, int signal, const Config& config) {
  const std::string said = failed.what();
  switch (failed.why) {
    case SubmitFailed::interrupted:
      return Error(static_cast<ExitCode>(128 + signal),
                   what_is_left(failed).empty()
                       ? "interrupted: nothing of the run is in the cluster"
                       : "interrupted while submitting" + what_is_left(failed));
    case SubmitFailed::unreachable:
      return Error(exit_internal,
                   "cannot submit to SLURM:" + indented(said) +
                       "\n(it has been so for a while: 'scontrol ping' tells"
                       " whether the controller is up; run the same command"
                       " again later)" +
                       what_is_left(failed));
    case SubmitFailed::refused:
    case SubmitFailed::full:
      break;
  }
  return Error(exit_usage,
               "cannot submit to SLURM, sbatch refuses it:" + indented(said) +
                   "\n(" + refusal_hint(said, config) + ')' +
                   what_is_left(failed));
}

std::string script_path(const ResultTree& tree, const std::string& run_id) {
  return tree.path() + '/' + run_folder(run_id) + "/job.sh";
}

// Submits what is not in yet. The caller has the lease of the run's folder.
std::vector<SubmittedArray> submit_rest(ResultTree& tree, const RunSpec& spec,
                                        const Config& config, Leases& leases) {
  const auto settings = slurm_settings_of(config);
  const auto scheduler = connect_slurm(config);
  SignalWait signals;
  try {
    return submit_arrays(
        {tree.fd(), spec.run_id, spec.plan, script_path(tree, spec.run_id),
         misleading_variables(current_environment(), settings)},
        {*scheduler,
         [&](double seconds) {
           return signals.wait(seconds, [&] { leases.heartbeat(); });
         },
         [](const std::string& text) { warn(text); }});
  } catch (const SubmitFailed& failed) {
    if (failed.has_begun())
      stop_run(tree.fd(), spec.run_id);
    else
      forget_run(tree.fd(), spec.run_id);
    throw error_of(failed, signals.signal(), config);
  }
}

class Submitter {
 public:
  Submitter(const Workspace& workspace, const SubmitOptions& options)
      : workspace_(workspace),
        options_(options),
        config_(workspace.config(options.group)),
        settings_(settings_of(config_)),
        slurm_(absolute(slurm_settings_of(config_))) {}

  SubmittedRun run(const std::vector<Experiment>& selection,
                   const Listener& listeners) {
    const auto look = workspace_.results(options_.group);
    const auto work = find_work(workspace_.catalog(), selection, look,
                                workspace_.staleness(), options_.force);
    const auto& todo = work.todo;
    const auto plan = plan_for(todo.experiments.size());
    RunStarted started{new_run_id(),  options_.group,   options_.command_line,
                       look.path(),   selection.size(), todo.done,
                       at_once(plan), todo.stale};
    if (todo.experiments.empty()) {
      listeners(started);
      RunEnded ended;
      ended.counts.chosen = selection.size();
      ended.counts.done_before = todo.done;
      listeners(ended);
      return {};
    }
    return submit(work, plan, started);
  }

  TaskPlan plan_for(std::size_t experiments) const {
    if (experiments == 0) return {};
    return make_plan(experiments, slurm_,
                     connect_slurm(config_)->index_limit());
  }

  JobScript script(const TaskPlan& plan, const std::string& folder,
                   const std::string& host) const {
    return {slurm_, plan,
            folder, std::filesystem::current_path().string(),
            host,   options_.command_line};
  }

  const SlurmSettings& slurm() const { return slurm_; }

 private:
  static SlurmSettings absolute(SlurmSettings settings) {
    if (!settings.log_dir.empty())
      settings.log_dir = std::filesystem::absolute(settings.log_dir).string();
    return settings;
  }

  std::size_t at_once(const TaskPlan& plan) const {
    const auto slots = expected_slots(plan, slurm_);
    auto most = plan.tasks * slots;
    if (settings_.jobs) most = std::min(most, *settings_.jobs);
    if (slurm_.simultaneous_jobs)
      most = std::min(most, *slurm_.simultaneous_jobs * slots);
    return std::max<std::size_t>(1, most);
  }

  SubmittedRun submit(const ForcedTodo& work, const TaskPlan& plan,
                      const RunStarted& started) {
    const auto& catalog = workspace_.catalog();
    const auto& todo = work.todo.experiments;
    // Throws for what no process can be given, before anything is made.
    for (const auto& experiment : todo) workspace_.configs().of(experiment);
    ResultTree tree(settings_.output, leaf_rules(settings_), true);
    const auto folder = run_folder(started.run_id);
    warn_of(tree.path());
    RunSpec spec = spec_of(tree, plan, started);
    const auto text =
        job_script(script(plan, tree.path() + '/' + folder, spec.host));
    const RunFolder made(tree.fd(), started);
    Leases leases(tree.fd(), Owner::self(started.run_id));
    leases.heartbeat();
    leases.acquire(folder);
    if (!options_.force.empty()) {
      spec.force =
          take_order(tree.fd(), options_.force, work, started.run_id).id();
      if (!work.order.empty()) warn(going_on_text(work));
    }
    write_spec(tree.fd(), spec, named(catalog, todo));
    const auto job = folder + "/job.sh";
    replace_file(tree.fd(), job, job + ".tmp", text);
    make_log_folder(tree, folder);
    const auto arrays = submit_rest(tree, spec, config_, leases);
    leases.release(folder);
    return {started.run_id, todo.size(), plan.tasks, plan.pack,
            job_ids(arrays)};
  }

  void warn_of(const std::string& results) const {
    if (const auto why = why_node_local(results); !why.empty())
      warn("the nodes may not see the results folder '" + results +
           "': " + why + " (--output names one that they share)");
    if (const auto text = late_warning_text(slurm_); !text.empty()) warn(text);
  }

  void make_log_folder(const ResultTree& tree, const std::string& folder) {
    if (slurm_.log_dir.empty())
      make_directories(tree.fd(), folder + "/slurm");
    else
      make_directories(AT_FDCWD, slurm_.log_dir);
  }

  RunSpec spec_of(const ResultTree& tree, const TaskPlan& plan,
                  const RunStarted& started) const {
    RunSpec out;
    static_cast<WorkspaceSources&>(out) = workspace_.origin();
    out.run_id = started.run_id;
    out.group = started.group;
    out.command = started.command;
    out.output = tree.path();
    out.started = utc_text(std::chrono::system_clock::now());
    out.user = user_name();
    out.eh = version;
    out.chosen = started.chosen;
    out.done_before = started.done_before;
    out.stale = started.stale;
    out.plugins = copied_plugins(workspace_.catalog(), tree);
    out.host = host_snapshot(snapshot_folder(tree));
    out.program = this_program().name;
    out.plan = plan;
    return out;
  }

  const Workspace& workspace_;
  const SubmitOptions options_;
  const Config config_;
  const Settings settings_;
  const SlurmSettings slurm_;
};

}  // namespace

SubmittedRun submit_run(const Workspace& workspace,
                        const SubmitOptions& options,
                        const std::vector<Experiment>& selection,
                        const Listener& listeners) {
  return Submitter(workspace, options).run(selection, listeners);
}

std::vector<SubmittedArray> go_on_submitting(const RunSpec& spec,
                                             const Config& config) {
  ResultTree tree(spec.output, {}, false);
  const auto folder = run_folder(spec.run_id);
  const auto scheduler = connect_slurm(config);
  const auto known = submitted_arrays(tree.fd(), spec.run_id, scheduler.get());
  if (job_ids(known).size() == spec.plan.arrays.size() ||
      below::exists(tree.fd(), folder + "/stop"))
    return known;
  Leases leases(tree.fd(), Owner::self(spec.run_id + ".attach-" +
                                       std::to_string(std::random_device()())));
  leases.heartbeat();
  if (!leases.acquire(folder).acquired) return known;
  auto out = submit_rest(tree, spec, config, leases);
  leases.release(folder);
  return out;
}

std::string submitted_text(const SubmittedRun& run) {
  std::string jobs;
  for (const auto& job : run.jobs) jobs += (jobs.empty() ? "" : ", ") + job;
  return "submitted " + count_text(run.experiments, "experiment") + " in " +
         count_text(run.tasks, "task") + " as " +
         (run.jobs.size() == 1 ? "job " : "jobs ") + jobs + " (run " +
         run.run_id + ')';
}

std::string submission_preview(const Workspace& workspace,
                               const SubmitOptions& options,
                               const std::vector<Experiment>& selection) {
  const auto& catalog = workspace.catalog();
  const auto tree = workspace.results(options.group);
  const auto todo =
      find_work(catalog, selection, tree, workspace.staleness(), options.force)
          .todo;
  if (todo.experiments.empty()) return {};
  const Submitter submitter(workspace, options);
  const auto plan = submitter.plan_for(todo.experiments.size());
  const std::string run_id = "RUN_ID";
  const auto folder = tree.path() + '/' + run_folder(run_id);
  const auto host = snapshot_folder(tree) + "/SHA1/eh-host";
  return preview_text(submitter.script(plan, folder, host), run_id,
                      named(catalog, todo.experiments));
}

}  // namespace eh::host
