// Shows how far the experiments are: counts by state, for each group and each
// folder at its top.

#include <algorithm>
#include <map>
#include <set>

#include "base/error.h"
#include "base/glob.h"
#include "base/shortened.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/run_lookup.h"
#include "cluster/status.h"
#include "events/failure_kinds.h"
#include "json/write.h"
#include "os/program.h"
#include "os/stdout.h"
#include "plan/workspace.h"

namespace eh::host {
namespace {

struct StateCounts {
  std::size_t total = 0, done = 0, stale = 0, failed = 0, unfinished = 0,
              running = 0, unreadable = 0, fresh = 0;

  void add(const LeafReport& report) {
    ++total;
    switch (report.state.kind) {
      case LeafState::done:
        ++done;
        stale += report.stale.empty() ? 0 : 1;
        break;
      case LeafState::failed:
        ++failed;
        break;
      case LeafState::unfinished:
        ++unfinished;
        break;
      case LeafState::running:
        ++running;
        break;
      case LeafState::unreadable:
        ++unreadable;
        break;
      case LeafState::fresh:
        ++fresh;
    }
  }

  std::string text() const {
    std::string out;
    auto part = [&](std::size_t n, const std::string& word) {
      if (n > 0) out += (out.empty() ? "" : ", ") + grouped(n) + ' ' + word;
    };
    part(done, "done");
    if (stale > 0) out += " (" + grouped(stale) + " stale)";
    part(failed, "failed");
    part(unfinished, "unfinished");
    part(running, "running");
    part(unreadable, "unreadable");
    part(fresh, "not run");
    return out;
  }

  JsonObject json() const {
    return JsonObject()
        .natural("total", total)
        .natural("done", done)
        .natural("stale", stale)
        .natural("failed", failed)
        .natural("unfinished", unfinished)
        .natural("running", running)
        .natural("unreadable", unreadable)
        .natural("not_run", fresh);
  }
};

const char* state_name(LeafState::Kind kind) {
  switch (kind) {
    case LeafState::done:
      return "done";
    case LeafState::failed:
      return "failed";
    case LeafState::unfinished:
      return "unfinished";
    case LeafState::running:
      return "running";
    case LeafState::unreadable:
      return "unreadable";
    case LeafState::fresh:
      break;
  }
  return "not_run";
}

std::string experiment_json(const std::string& name, const LeafReport& report) {
  JsonObject out;
  out.text("name", name).text("state", state_name(report.state.kind));
  if (!report.stale.empty()) out.text("stale", report.stale);
  if (report.state.kind == LeafState::running) {
    out.text("host", report.state.holder.host)
        .integer("process", report.state.holder.pid);
  } else if (report.state.kind == LeafState::unreadable) {
    out.text("message", report.state.problem);
  } else if (report.state.verdict) {
    const auto& verdict = *report.state.verdict;
    out.text("status", status_name(verdict.status))
        .text("end", verdict.end)
        .number("seconds", verdict.seconds);
    if (!verdict.message.empty()) out.text("message", verdict.message);
  }
  if (report.state.attempts > 0) out.natural("attempts", report.state.attempts);
  return out.str();
}

struct GroupStatus {
  std::string results;  // their folder
  StateCounts all;
  FailureKinds failures;
  // In the order of registration: the first part of the names.
  std::vector<std::pair<std::string, StateCounts>> subtrees;
  JsonArray experiments;
  std::vector<RunStatus> runs;

  StateCounts& subtree(const std::string& name) {
    const auto slash = name.find('/');
    const auto top =
        slash == name.npos ? name : glob_quoted(name.substr(0, slash)) + "/*";
    if (subtrees.empty() || subtrees.back().first != top) {
      const auto known =
          std::find_if(subtrees.begin(), subtrees.end(),
                       [&](const auto& entry) { return entry.first == top; });
      if (known != subtrees.end()) return known->second;
      subtrees.emplace_back(top, StateCounts{});
    }
    return subtrees.back().second;
  }
};

GroupStatus status_of(const Workspace& workspace, const Query& query,
                      const Options& options) {
  GroupStatus out;
  const auto tree = workspace.results(query.group);
  const auto reader = workspace.reader(tree);
  out.results = tree.path() + '/' + query.group;
  std::size_t unreadable = 0;
  for (const auto& e : workspace.select(query, options.states)) {
    const auto report = reader.report(e);
    const auto name = workspace.catalog().families[e.family].name(e.point);
    if (report.state.kind == LeafState::unreadable && ++unreadable <= 3)
      warn(report.state.problem);
    out.all.add(report);
    if (report.state.kind == LeafState::failed && report.state.verdict)
      out.failures.add(status_name(report.state.verdict->status),
                       report.state.verdict->message, name);
    out.subtree(name).add(report);
    if (options.json) out.experiments.next() += experiment_json(name, report);
  }
  return out;
}

// A hundred top folders are not an overview any more.
constexpr std::size_t most_subtrees = 50;

void print_text(const std::string& group, const GroupStatus& status) {
  print(group + ": " + count_text(status.all.total, "experiment") +
        (status.all.total > 0 ? ": " : "") + status.all.text() + '\n');
  if (status.subtrees.size() < 2 && status.all.total < 2) return;
  std::size_t width = 0;
  for (const auto& [name, counts] : status.subtrees)
    width = std::max(width, std::min<std::size_t>(name.size(), 50));
  std::size_t shown = 0;
  for (const auto& [name, counts] : status.subtrees) {
    if (shown++ == most_subtrees) {
      print("  ... and " + grouped(status.subtrees.size() - most_subtrees) +
            " more (a pattern shows some, --json all)\n");
      return;
    }
    print("  " + padded(name, width) + "  " + counts.text() + '\n');
  }
}

// Why experiments failed: a line for each reason, the most frequent first.
void print_failures(const FailureKinds& failures) {
  constexpr std::size_t most_kinds = 10;
  const auto order = failures.by_count();
  for (std::size_t i = 0; i < std::min(order.size(), most_kinds); ++i) {
    const auto& kind = failures.all()[order[i]];
    const auto reason = first_line(kind.message);
    print("  " + grouped(kind.count) + ' ' + kind.status +
          (reason.empty() ? "" : ": " + reason) + "  (" + kind.names_text() +
          ")\n");
  }
  if (order.size() > most_kinds)
    print("  ... and " + grouped(order.size() - most_kinds) +
          " more reasons (--json has all)\n");
}

void print_all(const std::string& group, const GroupStatus& status) {
  print_text(group, status);
  if (status.all.fresh > 0 && status.all.fresh == status.all.total)
    print("  nothing is in " + status.results + '\n');
  print_failures(status.failures);
  for (const auto& run : status.runs) print(status_text(run));
}

// Runs in an output directory that are on a cluster now: of `group`, or of all
// groups if it is "". That they cannot be read says nothing about the results.
std::vector<RunStatus> runs_in(const ResultTree& tree, const Options& options,
                               const std::string& group) {
  constexpr std::size_t most_runs = 20;
  try {
    if (tree.fd() < 0) return {};
    auto specs = cluster_runs(tree.path(), most_runs);
    const auto wanted =
        options.run_id.empty() ? "" : find_run(tree.fd(), options.run_id);
    std::erase_if(specs, [&](const RunSpec& spec) {
      return (!group.empty() && spec.group != group) ||
             (!wanted.empty() && spec.run_id != wanted);
    });
    if (specs.empty()) return {};
    const ClusterConfig config(specs[0]);
    const auto scheduler = config.scheduler();
    return run_statuses(tree.fd(), std::move(specs), *scheduler);
  } catch (const std::exception& error) {
    warn(std::string("cannot say how runs on a cluster stand: ") +
         error.what());
    return {};
  }
}

// Those of all groups, each output directory looked at once: SLURM is asked
// when it is.
class ClusterRuns {
 public:
  ClusterRuns(const Workspace& workspace, const Options& options)
      : workspace_(workspace), options_(options) {}

  std::vector<RunStatus> take(const std::string& group) {
    const auto tree = workspace_.results(group);
    if (seen_.insert(tree.path()).second)
      for (auto& run : runs_in(tree, options_, options_.query.group))
        runs_.push_back(std::move(run));
    std::vector<RunStatus> out;
    std::erase_if(runs_, [&](RunStatus& run) {
      if (run.spec.group != group) return false;
      out.push_back(std::move(run));
      return true;
    });
    return out;
  }
  /// Those of groups that nobody took.
  const std::vector<RunStatus>& rest() const { return runs_; }

 private:
  const Workspace& workspace_;
  const Options& options_;
  std::set<std::string> seen_;
  std::vector<RunStatus> runs_;
};

std::string json_text(const std::string& group, const GroupStatus& status) {
  JsonArray subtrees, runs, failures;
  for (const auto kind : status.failures.by_count()) {
    const auto& its = status.failures.all()[kind];
    JsonArray names;
    for (const auto& name : its.names) append_json_string(names.next(), name);
    failures.add(JsonObject()
                     .natural("count", its.count)
                     .text("status", its.status)
                     .text("message", its.message)
                     .raw("names", names.str()));
  }
  for (const auto& run : status.runs) runs.add(status_json(run));
  for (const auto& [name, counts] : status.subtrees)
    subtrees.add(
        JsonObject().text("name", name).raw("counts", counts.json().str()));
  return JsonObject()
      .text("group", group)
      .raw("counts", status.all.json().str())
      .raw("subtrees", subtrees.str())
      .raw("failures", failures.str())
      .raw("runs", runs.str())
      .raw("experiments", status.experiments.str())
      .str();
}

}  // namespace

int status_command(const Options& options) {
  const auto looked_at = workspace_to_look_at(options);
  const auto& workspace = *looked_at;
  auto groups = workspace.catalog().group_names();
  if (!options.query.group.empty()) groups = {options.query.group};
  ClusterRuns runs(workspace, options);
  std::string json;
  for (const auto& group : groups) {
    auto query = options.query;
    query.group = group;
    GroupStatus status;
    auto its_runs = runs.take(group);
    try {
      status = status_of(workspace, query, options);
    } catch (const Error& error) {
      // Of all groups, those are shown that have what is asked for.
      const bool is_empty_list = options.json && error.code() == exit_done;
      if (!error.is_no_match() || (groups.size() == 1 && !is_empty_list)) throw;
      continue;
    }
    status.runs = std::move(its_runs);
    if (options.json)
      json += (json.empty() ? "[\n" : ",\n") + json_text(group, status);
    else
      print_all(group, status);
  }
  if (options.json) print(json.empty() ? "[]\n" : json + "\n]\n");
  // Those of other plugins: nobody is to forget what still runs.
  if (!options.json)
    for (const auto& run : runs.rest()) print(status_text(run));
  return exit_done;
}

}  // namespace eh::host
