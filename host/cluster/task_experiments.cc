#include "cluster/task_experiments.h"

#include <filesystem>

#include "base/error.h"
#include "base/text.h"

namespace eh::host {
namespace {

// As the catalog names files.
std::string canonical(const std::string& path) {
  std::error_code error;
  const auto real = std::filesystem::canonical(path, error);
  return error ? path : real.string();
}

const PluginCopy* submitted(const RunSpec& spec, const std::string& path) {
  for (const auto& plugin : spec.plugins)
    if (plugin.copy == path || canonical(plugin.copy) == path) return &plugin;
  return nullptr;
}

bool is_there(const Catalog& catalog, const std::string& group,
              const SpecExperiment& one) {
  if (one.at.family >= catalog.families.size()) return false;
  const auto& family = catalog.families[one.at.family];
  return family.group == group && one.at.point < family.size() &&
         family.name(one.at.point) == one.name;
}

}  // namespace

Snapshots copies_of(const RunSpec& spec, const Catalog& catalog,
                    const ResultTree& tree) {
  Snapshots out;
  for (std::size_t i = 0; i < catalog.plugins.size(); ++i) {
    const auto& path = catalog.plugins[i].path;
    const auto* plugin = submitted(spec, path);
    PluginSnapshot copy(path, snapshot_folder(tree));
    if (plugin && copy.sha1() != plugin->sha1)
      throw Error(exit_bad_plugin,
                  "cannot run plugin '" + path +
                      "': it is not what was submitted any more (submit the"
                      " run again: what is done will be skipped)");
    out.emplace(i, std::move(copy));
  }
  return out;
}

std::vector<std::string> built_at(const RunSpec& spec, const Catalog& catalog) {
  std::vector<std::string> out;
  for (const auto& info : catalog.plugins) {
    const auto* plugin = submitted(spec, info.path);
    out.push_back(plugin ? plugin->path : info.path);
  }
  return out;
}

std::vector<Experiment> found_here(const Catalog& catalog,
                                   const std::string& group,
                                   const std::vector<SpecExperiment>& of_run,
                                   std::size_t first, std::size_t last) {
  std::vector<Experiment> out;
  std::vector<std::string> missing;
  for (auto i = first; i < last; ++i) {
    const auto& one = of_run.at(i);
    if (is_there(catalog, group, one)) {
      out.push_back(one.at);
      continue;
    }
    try {
      Query query;
      query.group = group;
      query.patterns = {one.name};
      const auto found = select(catalog, query);
      if (found.size() == 1 && is_there(catalog, group, {found[0], one.name})) {
        out.push_back(found[0]);
        continue;
      }
    } catch (const Error&) {
    }
    missing.push_back(one.name);
  }
  if (missing.empty()) return out;
  throw Error(exit_no_match,
              "cannot find " + count_text(missing.size(), "experiment") +
                  " of the run in its plugins, like '" + missing[0] +
                  "': what they register here is not what they did where the"
                  " run was submitted (does it depend on files or variables of"
                  " that machine?)");
}

}  // namespace eh::host
