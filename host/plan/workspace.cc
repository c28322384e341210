#include "plan/workspace.h"

#include <system_error>

#include "base/error.h"
#include "catalog/discover.h"
#include "config/check.h"
#include "config/secrets.h"
#include "config/unmatched_patterns.h"
#include "os/own_copy.h"
#include "os/program.h"

namespace eh::host {
namespace {

PluginSettings plugin_settings(const ConfigSources& sources) {
  const ConfigSchemas framework;
  return plugin_settings_of(sources.resolve(framework.of(""), ""));
}

Catalog load(const PluginSources& places, double seconds) {
  auto found = discover(places, child_program(), seconds);
  for (const auto& warning : found.warnings) warn(warning);
  return std::move(found.catalog);
}

Catalog load_catalog(const ConfigSources& sources, Workspace::Plugins plugins) {
  check_form(sources);
  const auto settings = plugin_settings(sources);
  const auto places = plugin_sources(settings.files, settings.directories);
  if (plugins == Workspace::optional && places.empty()) return {};
  return load(places, settings.load_timeout);
}

// Since it was copied, power may have been lost, or another user been there.
// That it cannot be read, who loads it will tell.
void check_copy(const PluginCopy& plugin) {
  std::string sha1;
  try {
    sha1 = sha1_of_file(plugin.copy);
  } catch (const std::system_error&) {
    return;
  }
  if (sha1 != plugin.sha1)
    throw Error(exit_bad_plugin,
                "cannot use plugin '" + plugin.copy +
                    "': it is not the one that was submitted (submit the"
                    " experiments again)");
}

Catalog load_copies(const ConfigSources& sources,
                    const std::vector<PluginCopy>& plugins) {
  PluginSources places;
  for (const auto& plugin : plugins) {
    check_copy(plugin);
    places.built_at[plugin.copy] = plugin.path;
    if (plugin.is_program)
      places.program = plugin.copy;
    else
      places.files.push_back(plugin.copy);
  }
  return load(places, plugin_settings(sources).load_timeout);
}

void warn_of_schema(const Error& error) {
  warn(std::string("the schema may lack values of plugins: ") + error.what());
}

// What loads, with a warning of each plugin that does not.
Catalog load_good(const PluginSettings& settings) {
  const auto child = child_program();
  auto places = plugin_sources(settings.files, settings.directories);
  if (places.empty()) return {};
  std::vector<std::string> good;
  for (const auto& file : places.files) {
    try {
      discover({{file}, {}, {}}, child, settings.load_timeout);
      good.push_back(file);
    } catch (const Error& error) {
      warn_of_schema(error);
    }
  }
  places.files = std::move(good);
  if (places.empty()) return {};
  return load(places, settings.load_timeout);
}

}  // namespace

ConfigSources config_sources(const WorkspaceSources& sources) {
  return ConfigSources(sources.file, sources.variables, sources.settings,
                       sources.launch_directory);
}

ConfigSchemas known_schemas(const WorkspaceSources& from) {
  const auto sources = config_sources(from);
  try {
    check_form(sources);
  } catch (const Error& error) {
    warn_of_schema(error);
  }
  try {
    return ConfigSchemas(load_good(plugin_settings(sources)));
  } catch (const Error& error) {
    warn_of_schema(error);
    return {};
  }
}

LeafRules leaf_rules(const Settings& settings) {
  LeafRules rules;
  rules.checkpoint_patterns = settings.checkpoint_files;
  rules.verdict_file = settings.verdict_file;
  return rules;
}

Workspace::Workspace(WorkspaceSources sources, const Query& query,
                     Plugins plugins)
    : origin_(std::move(sources)),
      sources_(config_sources(origin_)),
      catalog_(load_catalog(sources_, plugins)),
      schemas_(catalog_),
      configs_(catalog_, schemas_, sources_) {
  for (const auto& hint : pattern_hints(query)) warn(hint);
  const auto& group = query.group;
  // That there is no such group is told where it is looked for.
  if (!group.empty() && !catalog_.plugins.empty() &&
      !catalog_.find_group(group))
    return;
  for (const auto& warning : check_all(sources_, schemas_, group))
    warn(warning);
  if (const auto* file = sources_.file())
    for (const auto& warning : doubtful_patterns(catalog_, *file, group))
      warn(warning);
}

Workspace::Workspace(WorkspaceSources sources,
                     const std::vector<PluginCopy>& plugins)
    : origin_(std::move(sources)),
      sources_(config_sources(origin_)),
      catalog_(load_copies(sources_, plugins)),
      schemas_(catalog_),
      configs_(catalog_, schemas_, sources_) {}

WorkspaceSources Workspace::origin() const {
  auto out = origin_;
  if (out.file) out.file->text = text_without_secrets(*out.file);
  out.variables = without_secrets(out.variables);
  out.launch_directory = sources_.launch_directory();
  return out;
}

Config Workspace::config(const std::string& group) const {
  auto out = sources_.resolve(schemas_.of(group), group);
  apply_verbosity(out, origin_.verbosity);
  return out;
}

Config Workspace::config(const Experiment& experiment) const {
  auto out = configs_.values(experiment);
  apply_verbosity(out, origin_.verbosity);
  return out;
}

Settings Workspace::settings(const std::string& group) const {
  auto out = settings_of(config(group));
  const auto& base = origin_.launch_directory;
  if (!base.empty() && !out.output.starts_with('/'))
    out.output = base + '/' + out.output;
  return out;
}

ResultTree Workspace::results(const std::string& group) const {
  const auto its = settings(group);
  return ResultTree(its.output, leaf_rules(its), false);
}

std::vector<Experiment> Workspace::select(const Query& query,
                                          const StateFilter& states) const {
  std::string warning;
  auto chosen = host::select(catalog_, query, &warning);
  if (!warning.empty()) warn(warning);
  if (!states.active() || chosen.empty()) return chosen;
  const auto tree = results(query.group);
  return filter_by_state(chosen, reader(tree), states);
}

ConfigOf Workspace::config_of() const {
  return [this](const Experiment& experiment) -> const ExperimentConfig& {
    return configs_.of(experiment);
  };
}

LeafReader Workspace::reader(const ResultTree& results) const {
  return LeafReader(catalog_, results, config_of());
}

Staleness Workspace::staleness() const {
  return Staleness(catalog_, config_of());
}

}  // namespace eh::host
