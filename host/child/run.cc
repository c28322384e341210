// The process ends with _exit() once the verdict is written: what destructors
// of static objects do would come too late for it, and costs time. What stdio
// holds is written before, since it belongs to the experiment's output.

#include "child/run.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <mutex>

#include "child/crash_handler.h"
#include "child/experiment_run.h"
#include "child/host_parameters.h"
#include "child/output.h"
#include "child/plugin.h"
#include "child/process.h"
#include "child/sync.h"
#include "child/verdict.h"
#include "contract/child.h"
#include "contract/results.h"
#include "data/file.h"
#include "os/fd.h"

namespace eh::host::child {
namespace {

[[noreturn]] void end_with_message(int code, const std::string& message) {
  std::fflush(nullptr);
  write_all(STDERR_FILENO, message + "\n");
  ::_exit(code);
}

ExperimentOutcome outcome_of(ExperimentRun& experiment, int code) {
  const std::lock_guard lock(experiment.mutex);
  if (experiment.failed) return experiment.failure;
  switch (code) {
    case EH_RUN_OK:
      return {Status::ok, {}, {}};
    case EH_RUN_STOPPED:
      return {Status::stopped, {}, {}};
    case EH_RUN_FAILED:
      return {Status::failed, "the experiment failed and did not say why", {}};
    default:
      return {Status::failed,
              "the plugin returned " + std::to_string(code) +
                  ", which has no meaning (rebuild the plugin or update eh)",
              {}};
  }
}

ExperimentOutcome run_plugin(ExperimentRun& experiment,
                             const RunRequest& request,
                             const eh_plugin& plugin) {
  const auto run = run_table(experiment, request);
  try {
    const int code = plugin.run(&plugin, request.id, request.point, &run);
    if (code == EH_RUN_UNKNOWN)
      end_with_message(
          contract::exit_unknown,
          "plugin '" + request.plugin + "' has no experiment '" +
              request.group + "/" + request.name +
              "' any more (was it rebuilt, or does an EH_REGISTER loop"
              " register others this time?)");
    return outcome_of(experiment, code);
  } catch (...) {
    const auto what = current_exception_text();
    return {Status::failed, "eh_plugin.run threw " + what, {}};
  }
}

// Writes what stdio and the metrics hold. Returns what could not be written,
// for which an experiment cannot be ok, or "".
std::string settle(ExperimentRun& experiment) {
  experiment.metrics.flush();
  for (const auto* file : {&experiment.log.file(), &experiment.metrics.file(),
                           &experiment.results})
    if (auto problem = file->problem(); !problem.empty()) return problem;
  return flush_output();
}

// Looking for a file that is not there would cost all others. That a text in
// the members may look the same does no harm.
bool is_resumed(const ExperimentRun& experiment) {
  return experiment.parameters.members.find("\"resumed\":true") !=
         std::string::npos;
}

// Results may also be those of processes that the experiment forked, or of an
// attempt that it goes on from.
bool may_have_results(const ExperimentRun& experiment) {
  return experiment.results.is_open() || experiment.has_forked ||
         is_resumed(experiment);
}

// What is not needed any more once the verdict says ok. Who is killed meanwhile
// is not believed, and runs again: from the checkpoint only as long as all that
// belongs to it is there.
void remove_what_is_done_with(ExperimentRun& experiment, int leaf,
                              bool had_results) {
  const std::lock_guard lock(experiment.mutex);
  for (const auto& path : experiment.removed_when_done)
    if (stays_below(path)) ::unlinkat(leaf, path.c_str(), 0);
  if (experiment.has_checkpoint || is_resumed(experiment))
    ::unlinkat(leaf, contract::kept_metrics_file, 0);
  if (had_results) ::unlinkat(leaf, contract::results_file, 0);
}

// What was not written, an experiment cannot be ok with.
void blame(ExperimentOutcome& outcome, const std::string& unwritten) {
  if (outcome.status == Status::ok || outcome.status == Status::stopped)
    outcome = {Status::failed, unwritten, {}};
  else
    outcome.message += " (also: " + unwritten + ")";
}

std::string too_many_bytes(std::size_t bytes) {
  return "cannot keep its results: they have " + std::to_string(bytes) +
         " bytes, and no more than " +
         std::to_string(contract::most_of_results) +
         " have room in a verdict (write them into a file)";
}

// Writes the verdict. Where the experiment took long, all that it left is on
// the disk before: what cannot be brought there is told by the verdict, and
// returned.
std::string put_verdict(ExperimentRun& experiment, int leaf,
                        ExperimentOutcome& outcome, const Stopwatch& watch,
                        const std::string& results) {
  const auto& name = experiment.parameters.verdict_file;
  const bool lasting = is_worth_syncing();
  Unsynced lost;
  auto put = [&](const std::function<int()>& before_naming) {
    auto verdict = verdict_of(outcome, watch);
    verdict.results = results;
    verdict.members = experiment.parameters.members;
    return write_verdict(leaf, name, verdict_text(verdict), before_naming);
  };
  int error = put(lasting ? [&] {
    lost = sync_files(leaf, written_elsewhere());
    return lost.error;
  } : std::function<int()>());
  std::string unwritten;
  if (lost.error != 0) {
    unwritten = "cannot bring '" + lost.file +
                "' to the disk: " + reason_text(lost.error);
    blame(outcome, unwritten);
    error = put({});
  } else if (lasting && error == 0 && (error = sync_names(leaf)) != 0) {
    ::unlinkat(leaf, name.c_str(), 0);
  }
  if (error != 0)
    end_with_message(contract::exit_unwritable,
                     "cannot write the verdict: " + reason_text(error));
  return unwritten;
}

// In the signal handler of a crash.
void last_words() {
  the_experiment->metrics.flush_in_signal_handler();
  flush_output_in_signal_handler();
}

void refuse_if_fenced_off(int leaf) {
  if (is_fenced_off(the_experiment->leaf, leaf, the_experiment->parameters))
    end_with_message(contract::exit_unwritable,
                     "another host took this over, as ours seemed dead");
}

[[noreturn]] void conclude(ExperimentRun& experiment, ExperimentOutcome outcome,
                           const Stopwatch& watch) {
  // A copy of this process that the experiment forked and that returned from
  // it, too, has no say in how the experiment ended.
  if (::getpid() != experiment.pid) {
    std::fflush(nullptr);
    ::_exit(outcome.status == Status::ok ? 0 : 1);
  }
  auto unwritten = settle(experiment);
  const int leaf = experiment.leaf.get_or_replace();
  refuse_if_fenced_off(leaf);
  std::string lines;
  if (may_have_results(experiment))
    if (const int error = read_own_file(leaf, contract::results_file, lines);
        error != 0 && error != ENOENT && unwritten.empty())
      unwritten = "cannot read the results: " + reason_text(error);
  if (!unwritten.empty()) blame(outcome, unwritten);
  auto results = results_object(lines);
  if (results.size() > contract::most_of_results) {
    blame(outcome, too_many_bytes(results.size()));
    results.clear();
  }
  const auto unsynced = put_verdict(experiment, leaf, outcome, watch, results);
  if (unwritten.empty()) unwritten = unsynced;
  if (outcome.status == Status::ok)
    remove_what_is_done_with(experiment, leaf, !lines.empty());
  remove_empty_output(leaf);
  if (!unwritten.empty() || experiment.disk_full)
    ::_exit(contract::exit_unwritable);
  ::_exit(outcome.status == Status::ok ? contract::exit_ok
                                       : contract::exit_not_ok);
}

}  // namespace

void run_experiment(const RunRequest& request) {
  const Stopwatch watch;
  write_output_by_lines();
  follow_host(request.host_pid);
  auto parameters = take_host_parameters();
  name_process(request.name);
  // Never freed: threads of the experiment may outlive this function.
  const char* path = ::getenv(contract::env_leaf);
  the_experiment = new ExperimentRun(path ? path : ".", std::move(parameters));
  const int leaf = the_experiment->leaf.unchecked();
  if (leaf < 0)
    end_with_message(contract::exit_unwritable,
                     "cannot open the leaf: " + reason_text(errno));
  // Another host may have taken it over before this process came to run.
  refuse_if_fenced_off(leaf);
  follow_forks();
  explain_crashes(the_experiment->leaf, the_experiment->pid, last_words);
  const auto& plugin = load_plugin(
      request.plugin, Caution::load_at_once, [](const PluginError& error) {
        end_with_message(contract::exit_plugin, error.what());
      });
  // A static initialiser may have gone elsewhere.
  if (::fchdir(leaf) != 0)
    end_with_message(contract::exit_unwritable,
                     "cannot go to the leaf: " + reason_text(errno));
  auto outcome = run_plugin(*the_experiment, request, plugin);
  conclude(*the_experiment, std::move(outcome), watch);
}

}  // namespace eh::host::child
