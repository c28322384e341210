#include "plan.h"

#include <thread>

#include "child_contract.h"
#include "difference.h"
#include "elf_file.h"
#include "error.h"
#include "journal.h"
#include "text.h"

namespace eh::host {
namespace {

// Names leaves one after the other, reusing its memory.
class LeafNamer {
 public:
  explicit LeafNamer(const Catalog& catalog) : catalog_(catalog) {}
  const std::string& operator()(const Experiment& experiment) {
    const Family& family = catalog_.families[experiment.family];
    leaf_ = family.group;
    leaf_ += '/';
    family.append_name(experiment.point, leaf_);
    return leaf_;
  }

 private:
  const Catalog& catalog_;
  std::string leaf_;
};

// Which of a large selection the journal knows to be done. Looking at folders
// waits for the disk where nothing is cached, so several look at once.
std::vector<char> known_done(const Catalog& catalog,
                             const std::vector<Experiment>& selection,
                             int tree) {
  constexpr std::size_t lookers = 8;
  const DoneIndex index(tree);
  std::vector<char> known(selection.size());
  std::vector<std::jthread> threads;
  for (std::size_t part = 0; part < lookers; ++part)
    threads.emplace_back([&, part] {
      LeafNamer leaf_of(catalog);
      const auto end = selection.size() * (part + 1) / lookers;
      for (auto i = selection.size() * part / lookers; i < end; ++i)
        known[i] = index.contains(leaf_of(selection[i]));
    });
  threads.clear();  // joins them
  return known;
}

// One that cannot be read is told of when its leaf's turn to run comes.
std::optional<Verdict> readable_verdict(const ResultTree& tree,
                                        const std::string& leaf) {
  try {
    return tree.verdict(leaf);
  } catch (const UnreadableVerdict&) {
    return {};
  }
}

}  // namespace

Staleness::Staleness(const Catalog& catalog, ConfigOf config_of)
    : catalog_(catalog), config_of_(std::move(config_of)) {
  for (const auto& plugin : catalog.plugins)
    build_ids_.push_back(ElfFile(plugin.path).build_id());
}

const std::string& Staleness::build_id(const Experiment& experiment) const {
  return build_ids_[catalog_.families[experiment.family].origin.plugin];
}

std::string Staleness::changed(const Experiment& experiment,
                               const Verdict& verdict) const {
  const Family& family = catalog_.families[experiment.family];
  std::vector<const char*> changed;
  // What the Python original left says nothing of what ran.
  if (!verdict.parameters.empty()) {
    const auto now = family.parameters_json(experiment.point);
    // Mostly it is the same text.
    if (verdict.parameters != now &&
        !parameter_differences(verdict.parameters, now).empty())
      changed.push_back("parameters");
    if (verdict.config_hash != config_of_(experiment).hash)
      changed.push_back("config");
  }
  if (!verdict.build_id.empty() && verdict.build_id != build_id(experiment))
    changed.push_back("plugin");
  std::string out;
  for (std::size_t i = 0; i < changed.size(); ++i)
    out += (i == 0                   ? ""
            : i + 1 < changed.size() ? ", "
                                     : " and ") +
           std::string(changed[i]);
  return out;
}

bool has_journal(const ResultTree& tree) {
  return tree.verdict_file() == contract::verdict_file;
}

Todo find_todo(const Catalog& catalog, const std::vector<Experiment>& selection,
               const ResultTree& tree, const Staleness& staleness, bool force) {
  Todo todo;
  if (force || tree.fd() < 0) {
    todo.experiments = selection;
    return todo;
  }
  std::vector<char> known;
  if (selection.size() > read_all_limit && has_journal(tree))
    known = known_done(catalog, selection, tree.fd());
  if (!known.empty()) todo.stale.reset();
  LeafNamer leaf_of(catalog);
  Journal journal(tree.fd());
  for (std::size_t i = 0; i < selection.size(); ++i) {
    const auto& experiment = selection[i];
    bool done = !known.empty() && known[i];
    if (!done) {
      const auto& leaf = leaf_of(experiment);
      const auto verdict = readable_verdict(tree, leaf);
      done = verdict && verdict->status == Status::ok;
      if (done && !known.empty()) journal.done(leaf);
      if (done && todo.stale &&
          !staleness.changed(experiment, *verdict).empty())
        ++*todo.stale;
    }
    if (done)
      ++todo.done;
    else
      todo.experiments.push_back(experiment);
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
  report.state = tree_.look(leaf_of(catalog_, experiment), leases_);
  if (report.state.kind == LeafState::done)
    report.stale = staleness_.changed(experiment, *report.state.verdict);
  return report;
}

std::vector<Experiment> filter_by_state(
    const std::vector<Experiment>& selection, const LeafReader& reader,
    const StateFilter& filter) {
  if (!filter.active() || selection.empty()) return selection;
  std::vector<Experiment> out;
  for (const auto& experiment : selection) {
    const auto report = reader.report(experiment);
    const auto kind = report.state.kind;
    if ((filter.failed && kind == LeafState::failed) ||
        (filter.unfinished && kind == LeafState::unfinished) ||
        (filter.stale && !report.stale.empty()))
      out.push_back(experiment);
  }
  if (!out.empty()) return out;
  std::string what;
  for (const auto& [on, name] : {std::pair{filter.failed, "--failed"},
                                 {filter.unfinished, "--unfinished"},
                                 {filter.stale, "--stale"}})
    if (on) what += (what.empty() ? "" : " or ") + std::string(name);
  throw Error(exit_no_match, "nothing matched: none of " +
                                 count_text(selection.size(), "experiment") +
                                 " is " + what);
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
      return force ? "refuse: running"
                   : "wait: running on " + state.holder.host + ", process " +
                         std::to_string(state.holder.pid);
    case LeafState::fresh:
      return "run: new";
    case LeafState::done:
      if (force)
        return "run: done, deleted by --force" +
               (report.stale.empty() ? "" : " (" + report.stale + " changed)");
      return "skip: done" + (report.stale.empty()
                                 ? ""
                                 : ", stale (" + report.stale + " changed)");
    case LeafState::failed:
      if (force) return "run: " + status + ", deleted by --force";
      return "run: " + status + goes_on;
    case LeafState::unfinished:
      if (force) return "run: unfinished, deleted by --force";
      return "run: " + (status.empty() ? "unfinished" : status) + goes_on;
  }
  return {};
}

}  // namespace eh::host
