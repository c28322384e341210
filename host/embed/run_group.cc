// Runs that a program starts from its own code.

#include <map>
#include <set>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "cli/cluster_run.h"
#include "cluster/slurm/settings.h"
#include "eh/host.hpp"
#include "os/program.h"
#include "os/refusal.h"
#include "plan/workspace.h"
#include "report/listeners.h"
#include "run/local_run.h"

namespace eh {
namespace {

using namespace host;

constexpr char from_code[] = "run_group()";

std::vector<ConfigSetting> settings_of(const RunRequest& request) {
  std::vector<ConfigSetting> out;
  if (!request.config.empty()) {
    try {
      const auto values = parse_json(request.config);
      if (values.kind != JsonValue::object)
        throw JsonError(values.place, "expected an object: { ... }");
      for (const auto& member : values.members)
        out.push_back({member.key, {}, from_code, true, member.value});
    } catch (const JsonError& error) {
      throw Error(exit_usage,
                  "cannot read RunRequest::config: line " +
                      std::to_string(error.place.line) + ", column " +
                      std::to_string(error.place.column) + ": " + error.what());
    }
  }
  for (const auto& [name, text] : request.set)
    out.push_back({name, text, from_code, false});
  return out;
}

Options options_of(const RunRequest& request) {
  if (request.group.empty())
    throw Error(exit_usage, "cannot run: RunRequest::group is empty");
  Options out;
  out.query.group = request.group;
  out.query.patterns = request.patterns;
  if (!request.config_file.empty()) out.config_file = request.config_file;
  out.settings = settings_of(request);
  out.force = request.force;
  // As far as it can be said in words.
  out.command_line = this_program().command + ' ' + from_code + ' ' +
                     shell_quoted(request.group);
  for (const auto& pattern : request.patterns)
    out.command_line += ' ' + shell_quoted(pattern);
  return out;
}

// What happened to single experiments in this run.
struct Happened {
  std::set<std::string> ran;
  std::map<std::string, std::string> unwritable;

  void on(const Event& event) {
    if (const auto* ended = std::get_if<ExperimentEnded>(&event))
      ran.insert(ended->name);
    else if (const auto* one = std::get_if<ExperimentUnwritable>(&event))
      unwritable[one->name] = one->message;
  }
};

// What the leaves of a run say.
class Outcomes {
 public:
  Outcomes(const Workspace& workspace, const std::string& group)
      : workspace_(workspace),
        tree_(workspace.results(group)),
        staleness_(workspace.staleness()) {}

  Outcome of(const Experiment& experiment, const Happened& happened) const {
    const auto& catalog = workspace_.catalog();
    Outcome out;
    out.name = catalog.families[experiment.family].name(experiment.point);
    const auto leaf = leaf_of(catalog, experiment);
    out.leaf = tree_.leaf_path(leaf);
    out.ran = happened.ran.count(out.name) > 0;
    out.status = "not_run";
    try {
      if (const auto verdict = tree_.verdict(leaf))
        add(out, experiment, *verdict);
    } catch (const std::exception& error) {
      out.status = "unreadable";
      out.message = error.what();
    }
    if (const auto why = happened.unwritable.find(out.name);
        why != happened.unwritable.end())
      out.message = why->second;
    return out;
  }

 private:
  void add(Outcome& out, const Experiment& experiment,
           const Verdict& verdict) const {
    out.status = status_name(verdict.status);
    out.message = verdict.message;
    out.seconds = verdict.seconds;
    out.attempt = verdict.attempt;
    out.stale = verdict.status == Status::ok && !out.ran &&
                !staleness_.changed(experiment, verdict).empty();
  }

  const Workspace& workspace_;
  const ResultTree tree_;
  const Staleness staleness_;
};

RunResult run(const RunRequest& request) {
  const auto options = options_of(request);
  const Workspace workspace(sources_of(options), options.query);
  const auto chosen = workspace.select(options.query, options.states);
  ListenersOptions shown;
  shown.silent = !request.show;
  const auto config = workspace.config(request.group);
  shown.cluster = goes_to_cluster(options, config);
  Listeners listeners(shown, config, request.group);
  Happened happened;
  RunResult out;
  if (shown.cluster) {
    out.exit_code = run_on_cluster(
        workspace,
        {{request.group, options.force_key(), options.command_line},
         false,
         false,
         !request.show},
        chosen, listeners, [&](const Event& event) { happened.on(event); });
  } else {
    LocalRun run(workspace,
                 {request.group,
                  options.force_key(),
                  false,
                  {},
                  options.command_line,
                  request.show,
                  slurm_settings_of(config).gpus},
                 [&](const Event& event) {
                   happened.on(event);
                   listeners.on(event);
                 });
    run.on_tick = [&] { listeners.tick(); };
    run.tick_seconds = listeners.tick_seconds();
    out.exit_code = run.run(chosen).exit_code;
  }
  const Outcomes outcomes(workspace, request.group);
  for (const auto& experiment : chosen)
    out.outcomes.push_back(outcomes.of(experiment, happened));
  return out;
}

}  // namespace

RunResult run_group(const RunRequest& request) {
  if (this_program().path.empty())
    throw std::logic_error(
        "eh::run_group() needs eh::init(argc, argv) first thing in main()");
  try {
    return run(request);
  } catch (const Error& error) {
    throw RunError(error.code(), error.what());
  } catch (const std::system_error& error) {
    throw RunError(exit_write, refusal_text(error));
  } catch (const std::exception& error) {
    throw RunError(exit_internal,
                   std::string("internal error: ") + error.what());
  }
}

}  // namespace eh
