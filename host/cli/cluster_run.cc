#include "cli/cluster_run.h"

#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "base/error.h"
#include "base/text.h"
#include "cli/watch.h"
#include "cluster/slurm/allocation.h"
#include "json/write.h"
#include "os/program.h"
#include "os/stdout.h"
#include "report/terminal.h"
#include "run/prepare.h"

namespace eh::host {
namespace {

std::string contents(const Allocation& allocation) {
  if (!allocation.cpus) return {};
  return ", with " + count_text(allocation.cpus, "CPU") +
         (allocation.gpus ? " and " + count_text(allocation.gpus, "GPU") : "") +
         " here";
}

// Whether the allocation is to be used instead of new jobs.
bool takes_allocation(const Allocation& allocation) {
  const auto where = "this is inside job " + allocation.job + " of SLURM" +
                     contents(allocation);
  if (!Terminal::is_terminal(STDIN_FILENO) ||
      !Terminal::is_terminal(STDERR_FILENO)) {
    warn(where +
         ": other jobs are submitted all the same (--no-slurm uses it)");
    return false;
  }
  for (;;) {
    std::cerr << this_program().name << ": " << where
              << ".\n[u]se it, or [s]ubmit other jobs? " << std::flush;
    std::string answer;
    if (!std::getline(std::cin, answer)) return false;
    if (answer == "u" || answer == "use") return true;
    if (answer == "s" || answer == "submit") return false;
  }
}

void refuse_foreground(const Config::Entry& enabled) {
  throw Error(exit_usage,
              "cannot run in the foreground on SLURM (slurm.enabled, from " +
                  enabled.origin +
                  "): --interactive and --debugger need this terminal"
                  " (--no-slurm runs it here)");
}

std::string json_of(const SubmittedRun& run) {
  JsonArray jobs;
  for (const auto& job : run.jobs) jobs.next() += json_string(job);
  return JsonObject()
      .text("event", "submitted")
      .text("run", run.run_id)
      .natural("experiments", run.experiments)
      .natural("tasks", run.tasks)
      .raw("jobs", jobs.str())
      .str();
}

std::string how_to_go_on(const SubmittedRun& run, const std::string& group) {
  const auto& name = this_program().command;
  const auto line = [&](const std::string& words, const char* what) {
    return "  " + padded(name + ' ' + words, 46) + "  " + what + '\n';
  };
  return line("attach " + run.run_id, "goes on with it here") +
         line("status " + shell_quoted(group), "how far it is") +
         line("logs " + shell_quoted(group) + " -f", "what it logs") +
         line("cancel " + run.run_id, "ends it");
}

}  // namespace

bool goes_to_cluster(const Options& options, const Config& config) {
  const auto& enabled = config.at("slurm.enabled");
  if (!enabled.value.truth) {
    if (options.detach)
      throw Error(exit_usage,
                  "cannot use --detach: it leaves a run on a cluster (--slurm"
                  " starts one there)");
    return false;
  }
  if (options.foreground) refuse_foreground(enabled);
  const auto allocation = this_allocation();
  return !allocation || !takes_allocation(*allocation);
}

int run_on_cluster(const Workspace& workspace, const ClusterRunOptions& options,
                   const std::vector<Experiment>& selection,
                   Listeners& listeners, const Listener& also) {
  const auto run =
      submit_run(workspace, options.submit, selection, [&](const Event& event) {
        also(event);
        listeners.on(event);
      });
  if (run.run_id.empty()) return exit_done;
  if (options.notes) note_slow_plugins(workspace.catalog(), selection);
  print(options.json ? json_of(run) + '\n' : submitted_text(run) + '\n');
  if (options.detach && !options.json)
    print(how_to_go_on(run, options.submit.group));
  flush_printed();
  if (options.detach) return exit_pending;
  const auto tree = workspace.results(options.submit.group);
  const auto spec = read_spec(tree.fd(), run.run_id);
  const auto config = workspace.config(options.submit.group);
  return watch_command({spec, config, listeners, false, also});
}

}  // namespace eh::host
