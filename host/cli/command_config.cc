// Shows the configuration: each value, and where it came from.

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "cli/commands.h"
#include "config/json_schema.h"
#include "json/write.h"
#include "os/stdout.h"
#include "plan/workspace.h"

namespace eh::host {
namespace {

bool is_secret(const ConfigKey& key) {
  return key.type.kind == ConfigType::secret;
}

bool is_set(const Config::Entry& entry) {
  return entry.value.kind != JsonValue::null;
}

std::string value_text(const ConfigKey& key, const Config::Entry& entry) {
  if (!is_secret(key)) return json_text(entry.value);
  return is_set(entry) ? "(set, not shown)" : "(not set)";
}

void print_table(const Config& config) {
  constexpr std::size_t widest = 40;
  const auto& keys = config.schema().keys();
  std::size_t names = 0, values = 0;
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    texts.push_back(value_text(keys[i], config.entries()[i]));
    names = std::max(names, keys[i].name.size());
    values = std::max(values, std::min(widest, texts.back().size()));
  }
  for (std::size_t i = 0; i < keys.size(); ++i)
    print(padded(keys[i].name, names) + "  " + padded(texts[i], values) + "  " +
          config.entries()[i].origin + '\n');
  const char* head =
      "\nThe environment cannot set these, since the variables mean something"
      "\nelse to eh (use --set or a configuration file):\n";
  for (const auto& key : keys)
    if (const auto variable = variable_of(key.name);
        is_reserved_variable(variable)) {
      print(std::exchange(head, "") + padded("  " + key.name, names + 2) +
            "  " + variable + '\n');
    }
}

void print_json(const Config& config, const std::string& group,
                const std::string& experiment, const std::string& file) {
  JsonObject values;
  const auto& keys = config.schema().keys();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto& entry = config.entries()[i];
    JsonObject value;
    if (is_secret(keys[i]))
      value.boolean("set", is_set(entry));
    else
      value.raw("value", json_text(entry.value));
    values.raw(keys[i].name, value.text("origin", entry.origin).str());
  }
  JsonObject out;
  if (!group.empty()) out.text("group", group);
  if (!experiment.empty()) out.text("experiment", experiment);
  if (!config.schema().class_name().empty())
    out.text("class", config.schema().class_name());
  if (!file.empty()) out.text("file", file);
  print(out.raw("values", values.str()).str() + '\n');
}

// The one that is named; a pattern may be meant for several.
Experiment only(const std::vector<Experiment>& chosen,
                const std::string& pattern) {
  if (chosen.size() == 1) return chosen[0];
  throw Error(exit_usage,
              "cannot show the configuration of '" + pattern + "': it names " +
                  count_text(chosen.size(), "experiment") + " (name one)");
}

// What a run would refuse.
void check(const Config& config, const std::string& name) {
  check_size(config.experiment_json(), name);
  for (const auto& key : config.schema().keys())
    if (is_secret(key)) secret(config, key.name);
}

}  // namespace

int config_command(const Options& options) {
  if (options.schema) {
    print(config_json_schema(known_schemas(sources_of(options))) + '\n');
    return exit_done;
  }
  const Workspace workspace(
      sources_of(options), options.query,
      options.query.group.empty() ? Workspace::optional : Workspace::required);
  const auto& query = options.query;
  if (!query.group.empty() && !workspace.catalog().find_group(query.group))
    workspace.select(query, {});  // says what is near
  auto config = workspace.config(query.group);
  std::string experiment;
  if (!query.patterns.empty()) {
    const auto one =
        only(workspace.select(query, options.states), query.patterns[0]);
    experiment = workspace.catalog().families[one.family].name(one.point);
    config = workspace.config(one);
  }
  check(config, !experiment.empty()    ? experiment
                : !query.group.empty() ? query.group
                                       : "any group");
  const auto file = workspace.sources().file_path();
  if (options.json) {
    print_json(config, query.group, experiment, file);
    return exit_done;
  }
  print_table(config);
  const auto& classes = workspace.schemas().classes();
  if (query.group.empty() && !classes.empty()) {
    print("\nGroups with values of their own (config GROUP shows them):\n");
    for (const auto& [group, schema] : classes)
      print("  " + group + "  " + schema.class_name() + '\n');
  }
  return exit_done;
}

}  // namespace eh::host
