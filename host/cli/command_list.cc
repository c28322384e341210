// Commands that show and change nothing: help, list, dry-run, plugins.

#include <algorithm>
#include <iostream>
#include <optional>

#include "base/error.h"
#include "base/fold.h"
#include "base/text.h"
#include "catalog/family_pattern.h"
#include "catalog/library.h"
#include "cli/commands.h"
#include "cli/late_command.h"
#include "cluster/slurm/submit.h"
#include "json/write.h"
#include "os/program.h"
#include "os/stdout.h"
#include "plan/force_order.h"
#include "plan/workspace.h"

namespace eh::host {
namespace {

std::uint64_t experiments_in(const Catalog& catalog, const std::string& group) {
  std::uint64_t count = 0;
  for (const auto& family : catalog.families)
    if (family.group == group) count += family.size();
  return count;
}

void print_groups(const Catalog& catalog) {
  print("Groups:\n");
  std::size_t width = 0;
  for (const auto& group : catalog.groups)
    width = std::max(width, group.name.size());
  for (const auto& group : catalog.groups)
    print(
        "  " + padded(group.name, width) + "  " + printable(group.description) +
        (group.description.empty() ? "" : "  ") + '(' +
        count_text(experiments_in(catalog, group.name), "experiment") + ")\n");
}

// One line for each family, neighbours that are alike but for a number folded.
void print_experiments(const Catalog& catalog, const std::string& group) {
  struct Line {
    std::string name, values, description;
    std::uint64_t count;
  };
  std::vector<Line> lines;
  std::string description;
  Folder folder([&](const std::string& text, std::size_t, std::size_t count) {
    lines.push_back({text, {}, description, count});
  });
  for (const auto& family : catalog.families) {
    if (family.group != group) continue;
    if (family.description != description || !family.axes.empty())
      folder.finish();
    description = family.description;
    if (!family.axes.empty()) {
      lines.push_back({family_pattern(family), long_axes_text(family),
                       description, family.size()});
    } else {
      for (std::uint64_t i = 0; i < family.size(); ++i)
        folder.add(family.name(i));
    }
  }
  folder.finish();
  std::size_t width = 0;
  for (const auto& line : lines)
    width = std::max(width, std::min<std::size_t>(line.name.size(), 50));
  print("Experiments:\n");
  for (const auto& line : lines) {
    auto text = "  " + padded(line.name, width);
    if (line.count > 1) text += "  (" + grouped(line.count) + ')';
    if (!line.values.empty()) text += "  " + line.values;
    if (!line.description.empty()) text += "  " + printable(line.description);
    print(text.substr(0, text.find_last_not_of(' ') + 1) + '\n');
  }
}

void print_group(const Catalog& catalog, const Query& query) {
  const auto* group = catalog.find_group(query.group);
  if (!group) select(catalog, query);  // says what is near
  print(
      '\n' + group->name +
      (group->description.empty() ? "" : ": " + printable(group->description)) +
      "\n\n");
  print_experiments(catalog, group->name);
}

// "servers=1 load=0.1 seed=1..20" of neighbours that were folded.
std::string parameters_text(const Family& family, std::uint64_t first,
                            std::uint64_t last) {
  std::string out;
  for (std::size_t p = 0; p < family.parameters.size(); ++p) {
    const auto a = family.parameter_json(first, p);
    const auto b = family.parameter_json(last, p);
    out += (p ? " " : "") + family.parameters[p].name + '=' + a;
    if (a != b) out += ".." + b;
  }
  return out;
}

void print_list(const Catalog& catalog,
                const std::vector<Experiment>& experiments) {
  struct Line {
    std::string name, rest;
  };
  std::vector<Line> lines;
  std::size_t begin = 0;
  Folder folder([&](const std::string& text, std::size_t, std::size_t count) {
    const auto& first = experiments[begin];
    const auto& last = experiments[begin + count - 1];
    lines.push_back({text, parameters_text(catalog.families[first.family],
                                           first.point, last.point)});
    begin += count;
  });
  std::string name;
  for (std::size_t i = 0; i < experiments.size(); ++i) {
    const auto& e = experiments[i];
    if (i > 0 && experiments[i - 1].family != e.family) {
      folder.finish();
    }
    name.clear();
    catalog.families[e.family].append_name(e.point, name);
    folder.add(name);
  }
  folder.finish();
  std::size_t width = 0;
  for (const auto& line : lines)
    width = std::max(width, std::min<std::size_t>(line.name.size(), 60));
  std::string out;
  for (const auto& line : lines) {
    out += line.rest.empty() ? line.name
                             : padded(line.name, width) + "  " + line.rest;
    out += '\n';
  }
  print(out);
}

void print_list_json(const Catalog& catalog,
                     const std::vector<Experiment>& experiments,
                     std::string& out) {
  for (const auto& e : experiments) {
    const Family& family = catalog.families[e.family];
    JsonObject object;
    object.text("group", family.group)
        .text("name", family.name(e.point))
        .raw("parameters", family.parameters_json(e.point));
    if (!family.description.empty())
      object.text("description", family.description);
    if (family.timeout) object.number("timeout", *family.timeout);
    if (family.retries) object.integer("retries", *family.retries);
    object.text("file", family.origin.file)
        .natural("line", family.origin.line)
        .text("plugin", catalog.plugins[family.origin.plugin].path);
    out += out.empty() ? "[\n" : ",\n";
    out += object.str();
  }
}

void print_usage() {
  print("\nUsage:\n");
  for (const char* line :
       {"[--plugin FILE]... GROUP [PATTERN]... [options]   run experiments",
        "GROUP --help                       the experiments of a group",
        "list [GROUP] [PATTERN]...          what there is",
        "status [GROUP] [PATTERN]...        how far it is, by folder",
        "attach [RUN]                       go on watching a run on a cluster",
        "cancel [RUN]                       end a run on a cluster",
        "explain GROUP PATTERN...           what changed since it ran",
        "logs GROUP [PATTERN]... [-f]       what was logged and printed",
        "export [GROUP] [PATTERN]...        results as a table",
        "clean [GROUP] [PATTERN]...         remove results",
        "config [GROUP [NAME]] [--schema]   all values, and where from",
        "plugins                            the plugins that were found"})
    print("  " + this_program().name + ' ' + line + '\n');
  print("\n");
}

// Where none is in the state that was asked for, --json has an empty list, and
// so has a group of several; else it is told.
std::vector<Experiment> selected(const Workspace& workspace, const Query& query,
                                 const Options& options) {
  try {
    return workspace.select(query, options.states);
  } catch (const Error& error) {
    if (error.code() != exit_done ||
        (!options.json && !options.query.group.empty()))
      throw;
    return {};
  }
}

}  // namespace

int list_command(const Options& options) {
  const Workspace workspace(sources_of(options), options.query);
  const auto& catalog = workspace.catalog();
  refuse_late_command(options, catalog);
  std::vector<std::string> groups = {options.query.group};
  if (options.query.group.empty()) groups = catalog.group_names();
  std::string json;
  for (const auto& group : groups) {
    Query query = options.query;
    query.group = group;
    if (options.query.group.empty() && experiments_in(catalog, group) == 0)
      continue;
    const auto experiments = selected(workspace, query, options);
    if (options.json) {
      print_list_json(catalog, experiments, json);
    } else {
      if (groups.size() > 1) print(group + ":\n");
      print_list(catalog, experiments);
    }
  }
  if (options.json) print(json.empty() ? "[]\n" : json + "\n]\n");
  return exit_done;
}

int dry_run_command(const Options& options) {
  const Workspace workspace(sources_of(options), options.query);
  const auto& catalog = workspace.catalog();
  refuse_late_command(options, catalog);
  const auto tree = workspace.results(options.query.group);
  const auto experiments = selected(workspace, options.query, options);
  const auto reader = workspace.reader(tree);
  ForcedTodo work;
  if (options.force)
    work = find_forced(catalog, experiments, tree, workspace.staleness(),
                       options.force_key());
  std::string out, text, json;
  std::size_t run = 0;
  Folder folder([&](const std::string& name, std::size_t, std::size_t) {
    out += text + "  " + name + '\n';
  });
  for (const auto& e : experiments) {
    const auto name = catalog.families[e.family].name(e.point);
    const auto report = reader.report(e);
    const bool replaces =
        options.force &&
        !(report.state.verdict && !work.order.empty() &&
          ForceOrder(tree.fd(), work.order).has(report.state.verdict->run_id));
    const auto next = state_text(report, replaces);
    run += next.compare(0, 4, "run:") == 0;
    if (options.json) {
      const auto colon = next.find(':');
      json += json.empty() ? "[\n" : ",\n";
      json += JsonObject()
                  .text("name", name)
                  .text("action", next.substr(0, colon))
                  .text("why", next.substr(colon + 2))
                  .str();
      continue;
    }
    if (next != text) folder.finish();
    text = next;
    folder.add(name);
  }
  folder.finish();
  if (options.json) {
    print(json.empty() ? "[]\n" : json + "\n]\n");
    return exit_done;
  }
  print(out);
  print(count_text(experiments.size(), "experiment") + " selected, " +
        grouped(run) + " would run; nothing was done\n");
  if (const auto goes_on = going_on_text(work); !goes_on.empty())
    print("it " + goes_on + '\n');
  const auto& group = options.query.group;
  if (workspace.config(group).at("slurm.enabled").value.truth)
    print(submission_preview(workspace,
                             {group, options.force_key(), options.command_line},
                             experiments));
  return exit_done;
}

int plugins_command(const Options& options) {
  const Workspace workspace(sources_of(options), options.query);
  const auto& catalog = workspace.catalog();
  std::string json;
  for (std::size_t p = 0; p < catalog.plugins.size(); ++p) {
    const auto& plugin = catalog.plugins[p];
    std::vector<std::string> groups;
    for (const auto& group : catalog.groups)
      if (group.origin.plugin == p) groups.push_back(group.name);
    if (options.json) {
      std::string list;
      for (const auto& group : groups)
        list += (list.empty() ? "" : ",") + json_string(group);
      json += json.empty() ? "[\n" : ",\n";
      json += JsonObject()
                  .text("path", plugin.path)
                  .text("abi", std::to_string(plugin.abi_major) + '.' +
                                   std::to_string(plugin.abi_minor))
                  .text("sdk", plugin.sdk)
                  .text("compiler", plugin.compiler)
                  .text("flags", plugin.flags)
                  .text("commit", plugin.commit)
                  .raw("dirty", !plugin.dirty   ? "null"
                                : *plugin.dirty ? "true"
                                                : "false")
                  .raw("libraries", libraries_json(libraries_of(plugin)))
                  .raw("groups", '[' + list + ']')
                  .str();
      continue;
    }
    print(plugin.path + "\n  groups    ");
    for (const auto& group : groups) print(group + ' ');
    print("\n  sdk       " + plugin.sdk + " (ABI " +
          std::to_string(plugin.abi_major) + '.' +
          std::to_string(plugin.abi_minor) + ")\n  compiler  " +
          plugin.compiler + ' ' + plugin.flags + '\n');
    if (!plugin.commit.empty())
      print("  commit    " + plugin.commit +
            (plugin.dirty.value_or(false) ? " and uncommitted changes" : "") +
            '\n');
    for (const auto& library : plugin.libraries)
      print("  library   " + library + '\n');
  }
  if (options.json) print(json.empty() ? "[]\n" : json + "\n]\n");
  return exit_done;
}

int help_command(const Options& options) {
  // Help is for those whose command line or configuration is wrong, too.
  std::string wrong;
  std::optional<Workspace> workspace;
  try {
    workspace.emplace(sources_of(options), options.query, Workspace::optional);
  } catch (const Error& error) {
    if (!options.query.group.empty()) throw;
    wrong = error.what();
  }
  print(program_and_version() + ": runs experiments written in C++\n");
  if (options.query.group.empty()) print_usage();
  if (workspace && !workspace->catalog().plugins.empty()) {
    const auto& catalog = workspace->catalog();
    if (options.query.group.empty())
      print_groups(catalog);
    else
      print_group(catalog, options.query);
    print("\n");
  } else if (!options.query.group.empty()) {
    // Says that there is no plugin.
    Workspace(sources_of(options), options.query);
  }
  print(options_help());
  if (!wrong.empty()) warn(wrong);
  return exit_done;
}

}  // namespace eh::host
