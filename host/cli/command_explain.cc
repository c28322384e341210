// Says what a leaf holds, and how that differs from what would run now.

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "cli/commands.h"
#include "json/write.h"
#include "os/stdout.h"
#include "plan/difference.h"
#include "plan/workspace.h"

namespace eh::host {
namespace {

// The values of these are texts, not JSON.
bool is_build(const Difference& difference) {
  return difference.what == "plugin" || difference.what.starts_with("library ");
}

// A build id is long; its beginning tells builds apart.
std::string shown(const Difference& difference, const std::string& value) {
  if (value.empty()) return "(none)";
  if (!is_build(difference)) return value;
  return "build " +
         (value.find(' ') == value.npos ? value.substr(0, 12) : value);
}

std::string ran_text(const Verdict& verdict) {
  std::string out = std::string(status_name(verdict.status)) + " on " +
                    verdict.start + ", " + duration_text(verdict.seconds);
  if (verdict.attempt > 1)
    out += ", attempt " + std::to_string(verdict.attempt);
  if (!verdict.message.empty()) out += ": " + printable(verdict.message);
  return out;
}

void print_text(const std::string& name, const std::string& path,
                const LeafReport& report, const std::string& before,
                const std::vector<Difference>& differences) {
  print(name + "\n  " + state_text(report, false) + '\n');
  if (report.state.verdict)
    print("  ran      " + ran_text(*report.state.verdict) + '\n');
  print("  results  " + path + '\n');
  if (!before.empty()) print("  before   " + before + '\n');
  std::size_t width = 0;
  for (const auto& one : differences) width = std::max(width, one.what.size());
  for (const auto& one : differences)
    print("  differs  " + padded(one.what, width) + "  " +
          shown(one, one.before) + " -> " + shown(one, one.now) +
          (one.origin.empty() ? "" : "  (" + one.origin + ')') + '\n');
}

std::string json_line(const std::string& name, const std::string& path,
                      const LeafReport& report,
                      const std::vector<Difference>& differences) {
  const auto next = state_text(report, false);
  JsonArray list;
  for (const auto& one : differences) {
    JsonObject object;
    object.text("what", one.what);
    const bool is_text = is_build(one);
    if (!one.before.empty())
      is_text ? object.text("before", one.before)
              : object.raw("before", one.before);
    if (!one.now.empty())
      is_text ? object.text("now", one.now) : object.raw("now", one.now);
    if (!one.origin.empty()) object.text("origin", one.origin);
    list.add(object);
  }
  JsonObject out;
  out.text("name", name).text("leaf", path);
  out.text("action", next.substr(0, next.find(':')))
      .text("why", next.substr(next.find(':') + 2));
  if (report.state.verdict)
    out.text("status", status_name(report.state.verdict->status));
  return out.raw("differences", list.str()).str();
}

}  // namespace

int explain_command(const Options& options) {
  const Workspace workspace(sources_of(options), options.query);
  const auto query = in_group(options.query, workspace.catalog());
  const auto chosen = workspace.select(query, options.states);
  const auto tree = workspace.results(query.group);
  const auto reader = workspace.reader(tree);
  std::string json;
  for (const auto& experiment : chosen) {
    const auto leaf = leaf_of(workspace.catalog(), experiment);
    const auto report = reader.report(experiment);
    workspace.configs().of(experiment);  // refuses what no run would take
    std::vector<Difference> found;
    if (report.state.verdict)
      found = differences(*report.state.verdict, workspace.catalog(),
                          experiment, workspace.config(experiment),
                          reader.staleness().build(experiment));
    if (!options.json) {
      const bool has_new = report.state.kind == LeafState::done;
      const auto before = has_new ? std::nullopt : reader.replaced(experiment);
      print_text(leaf, tree.leaf_path(leaf), report,
                 before ? tree.leaf_path(before->folder) : "", found);
      continue;
    }
    json += json.empty() ? "[\n" : ",\n";
    json += json_line(leaf, tree.leaf_path(leaf), report, found);
  }
  if (options.json) print(json.empty() ? "[]\n" : json + "\n]\n");
  return exit_done;
}

}  // namespace eh::host
