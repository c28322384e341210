#include "plan/todo.h"

#include <functional>

#include "base/error.h"
#include "base/text.h"
#include "plan/difference.h"
#include "plan/done_look.h"

namespace eh::host {

Staleness::Staleness(const Catalog& catalog, ConfigOf config_of)
    : catalog_(catalog),
      config_of_(std::move(config_of)),
      mutex_(std::make_unique<std::mutex>()) {
  for (const auto& plugin : catalog.plugins)
    builds_.push_back(build_of(plugin));
}

const PluginBuild& Staleness::build(const Experiment& experiment) const {
  return builds_[catalog_.families[experiment.family].origin.plugin];
}

// With what an experiment would run. What is added here, both of the functions
// below have to look at.
struct Staleness::Now {
  std::string parameters;
  const std::string& config_hash;
  const std::string& salt;
  const PluginBuild& build;
};

Staleness::Now Staleness::now(const Experiment& experiment) const {
  const Family& family = catalog_.families[experiment.family];
  auto parameters = family.parameters_json(experiment.point);
  const std::lock_guard lock(*mutex_);
  const auto& config = config_of_(experiment);
  return {std::move(parameters), config.hash, config.salt, build(experiment)};
}

std::uint64_t Staleness::fingerprint(const Experiment& experiment) const {
  const auto now = this->now(experiment);
  std::string all = now.parameters;
  const auto add = [&](const std::string& part) { (all += '\n') += part; };
  add(now.config_hash);
  add(now.salt);
  add(now.build.build_id);
  for (const auto& [library, build] : now.build.libraries) {
    add(library);
    add(build);
  }
  return std::hash<std::string>()(all);
}

std::string Staleness::changed(const Experiment& experiment,
                               const Verdict& verdict) const {
  const auto now = this->now(experiment);
  std::vector<std::string> changed;
  // What the Python original left says nothing of what ran.
  if (!verdict.parameters.empty()) {
    // Mostly it is the same text.
    if (verdict.parameters != now.parameters &&
        !parameter_differences(verdict.parameters, now.parameters).empty())
      changed.push_back("parameters");
    if (verdict.config_hash != now.config_hash) changed.push_back("config");
  }
  if (verdict.seed) {
    const Family& family = catalog_.families[experiment.family];
    if (*verdict.seed !=
        experiment_seed(now.salt, family.group, family.name(experiment.point)))
      changed.push_back("seed");
  }
  if (!verdict.build_id.empty() && verdict.build_id != now.build.build_id)
    changed.push_back("plugin");
  for (const auto& name : other_libraries(verdict, now.build))
    changed.push_back("library " + name);
  std::string out;
  for (std::size_t i = 0; i < changed.size(); ++i)
    out += (i == 0 ? "" : i + 1 < changed.size() ? ", " : " and ") + changed[i];
  return out;
}

Todo find_todo(const Catalog& catalog, const std::vector<Experiment>& selection,
               const ResultTree& tree, const Staleness& staleness) {
  Todo todo;
  if (tree.fd() < 0) {
    todo.experiments = selection;
    return todo;
  }
  DoneLook look(catalog, tree, staleness);
  const auto answers = look.at(selection);
  todo.untidy = look.untidy();
  for (std::size_t i = 0; i < selection.size(); ++i) {
    if (answers[i] == DoneLook::not_done) {
      todo.experiments.push_back(selection[i]);
      continue;
    }
    ++todo.done;
    todo.stale += answers[i] == DoneLook::stale;
  }
  return todo;
}

LeafReader::LeafReader(const Catalog& catalog, const ResultTree& tree,
                       ConfigOf config_of)
    : catalog_(catalog),
      tree_(tree),
      leases_(tree.fd(), Owner::self("")),
      staleness_(catalog, std::move(config_of)) {}

LeafReport LeafReader::report(const Experiment& experiment) const {
  LeafReport report;
  try {
    report.state = tree_.look(leaf_of(catalog_, experiment), leases_);
  } catch (const std::system_error& error) {
    report.state.kind = LeafState::unreadable;
    report.state.problem = error.what();
  }
  if (report.state.kind == LeafState::done)
    report.stale = staleness_.changed(experiment, *report.state.verdict);
  return report;
}

std::optional<ResultTree::Replaced> LeafReader::replaced(
    const Experiment& experiment) const {
  return tree_.replaced(leaf_of(catalog_, experiment));
}

namespace {

bool has_reason(const std::optional<Verdict>& verdict,
                const std::string& reason) {
  return reason.empty() ||
         (verdict && (status_name(verdict->status) == reason ||
                      verdict->message.find(reason) != std::string::npos));
}

// Whether --force took what was stale, or failed, for an attempt that came to
// nothing: the same command means it again.
bool is_still_meant(const Experiment& experiment, const LeafReader& reader,
                    LeafState::Kind kind, const StateFilter& filter) {
  const bool failed = kind == LeafState::failed;
  if (!(failed || kind == LeafState::unfinished) ||
      !(filter.stale || (filter.failed && !failed)))
    return false;
  const auto before = reader.replaced(experiment);
  if (!before) return false;
  const auto status = before->verdict.status;
  if (status == Status::ok) return filter.stale;
  return filter.failed && is_failure(status) &&
         has_reason(before->verdict, filter.reason);
}

}  // namespace

std::vector<Experiment> filter_by_state(
    const std::vector<Experiment>& selection, const LeafReader& reader,
    const StateFilter& filter) {
  if (!filter.active() || selection.empty()) return selection;
  std::vector<Experiment> out;
  for (const auto& experiment : selection) {
    const auto report = reader.report(experiment);
    const auto kind = report.state.kind;
    if ((filter.failed && kind == LeafState::failed &&
         has_reason(report.state.verdict, filter.reason)) ||
        (filter.unfinished && kind == LeafState::unfinished) ||
        (filter.stale && !report.stale.empty()) ||
        is_still_meant(experiment, reader, kind, filter))
      out.push_back(experiment);
  }
  if (!out.empty()) return out;
  std::string what;
  for (const auto& [on, name] : {std::pair{filter.failed, "--failed"},
                                 {filter.unfinished, "--unfinished"},
                                 {filter.stale, "--stale"}})
    if (on) what += (what.empty() ? "" : " or ") + std::string(name);
  throw Error(exit_done,
              "none of " + count_text(selection.size(), "experiment") +
                  (filter.reason.empty()
                       ? " is " + what
                       : " failed with '" + printable(filter.reason) + "'"));
}

std::string state_text(const LeafReport& report, bool force) {
  const LeafState& state = report.state;
  const auto attempt = "attempt " + std::to_string(state.attempts + 1);
  const auto status =
      state.verdict ? std::string(status_name(state.verdict->status)) : "";
  const auto goes_on = state.checkpoint
                           ? ", goes on from its checkpoint (" + attempt + ")"
                           : ", starts clean (" + attempt + ")";
  switch (state.kind) {
    case LeafState::running:
      return "wait: running on " + state.holder.host + ", process " +
             std::to_string(state.holder.pid);
    case LeafState::unreadable:
      return force ? "run: unreadable, replaced by --force"
                   : "refuse: " + state.problem;
    case LeafState::fresh:
      return "run: new";
    case LeafState::done:
      if (force)
        return "run: done, replaced by --force" +
               (report.stale.empty() ? "" : " (" + report.stale + " changed)");
      return "skip: done" + (report.stale.empty()
                                 ? ""
                                 : ", stale (" + report.stale + " changed)");
    case LeafState::failed:
      if (force) return "run: " + status + ", replaced by --force";
      return "run: " + status + goes_on;
    case LeafState::unfinished:
      if (force) return "run: unfinished, replaced by --force";
      return "run: " + (status.empty() ? "unfinished" : status) + goes_on;
  }
  return {};
}

}  // namespace eh::host
