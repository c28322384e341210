#include "config/sources.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "config/flatten.h"
#include "config/framework_keys.h"
#include "contract/child.h"
#include "contract/program.h"
#include "os/environment.h"
#include "os/spawn.h"

namespace eh::host {
namespace {

namespace fs = std::filesystem;

// An entry of a map, or a member of a struct in an optional or a map.
JsonValue with_part(const ConfigType& type, JsonValue current,
                    const std::string& path, const ConfigSetting& setting,
                    ValueReader& reader) {
  const auto name = setting.where();
  if (path.empty())
    return setting.value ? reader.read(type, *setting.value, name)
                         : reader.read_text(type, setting.text, name);
  if (type.kind == ConfigType::optional) {
    const auto& inner = type.element[0];
    if (current.kind == JsonValue::null)
      current = default_of({{}, inner, {}, {}});
    return with_part(inner, std::move(current), path, setting, reader);
  }
  const bool deep =
      type.kind == ConfigType::object ||
      (type.kind == ConfigType::map && type.element[0].kind >= ConfigType::map);
  const auto dot = deep ? path.find('.') : path.npos;
  const auto first = path.substr(0, dot);
  const auto rest = dot == path.npos ? "" : path.substr(dot + 1);
  const ConfigType* inner = nullptr;
  if (type.kind == ConfigType::map) inner = &type.element[0];
  for (const auto& member : type.members)
    if (member.name == first) inner = &member.type;
  if (!inner) {
    reader.refuse_part(type, name, first);
    return {};
  }
  current.kind = JsonValue::object;
  auto& entries = current.members;
  auto entry = std::find_if(entries.begin(), entries.end(),
                            [&](const auto& m) { return m.key >= first; });
  if (type.kind == ConfigType::object)
    entry = std::find_if(entries.begin(), entries.end(),
                         [&](const auto& m) { return m.key == first; });
  if (entry == entries.end() || entry->key != first)
    entry =
        entries.insert(entry, {first, {}, default_of({{}, *inner, {}, {}})});
  entry->value =
      with_part(*inner, std::move(entry->value), rest, setting, reader);
  return current;
}

std::vector<std::string> secret_variables() {
  std::vector<std::string> out;
  for (const auto& key : framework_keys()) {
    if (key.type.kind != ConfigType::secret) continue;
    out.push_back(variable_of(key.name));
    // One may also stand in the JSON of its struct: EH_SLACK={"token":"..."}.
    for (auto dot = key.name.find('.'); dot != std::string::npos;
         dot = key.name.find('.', dot + 1))
      out.push_back(variable_of(key.name.substr(0, dot)));
  }
  return out;
}

}  // namespace

bool is_reserved_variable(const std::string& name) {
  for (const char* ours :
       {contract::env_group, contract::env_experiment, contract::env_leaf,
        contract::env_attempt, contract::env_slot, contract::env_seed,
        contract::env_run, contract::env_owner, contract::env_launch,
        contract::env_verdict, contract::env_config, contract::env_verdict_file,
        contract::env_host, "EH_PLUGIN_PATH", "EH_REMOTE_TIMEOUT",
        "EH_SFTP_KEY", "EH_SFTP_KNOWN_HOSTS"})
    if (name == ours) return true;
  return false;
}

Variables secrets_of(const Variables& variables) {
  Variables out;
  for (const auto& name : secret_variables())
    if (const auto found = variables.find(name); found != variables.end())
      out.insert(*found);
  return out;
}

Variables without_secrets(Variables variables) {
  for (const auto& name : secret_variables()) variables.erase(name);
  return variables;
}

Variables take_environment_variables() {
  Variables out;
  for (const auto& entry : current_environment()) {
    const auto equals = entry.find('=');
    if (entry.compare(0, 3, "EH_") == 0 && equals != entry.npos)
      out.emplace(entry.substr(0, equals), entry.substr(equals + 1));
  }
  for (const auto& [name, value] : take_secrets(secret_variables()))
    out[name] = value;
  return out;
}

ConfigPattern::ConfigPattern(const std::string& pattern) {
  globs_.emplace_back(pattern);
  const auto folder = pattern.substr(0, pattern.find_last_not_of('/') + 1);
  if (!folder.empty() && folder.back() != '*')
    globs_.emplace_back(folder + "/*");
}

bool ConfigPattern::matches(const std::string& name) const {
  return std::any_of(globs_.begin(), globs_.end(),
                     [&](const Glob& glob) { return glob.matches(name); });
}

const ConfigKey* setting_key(const ConfigSchema& schema,
                             const std::string& name) {
  if (const auto* key = schema.find(name)) return key;
  for (auto dot = name.rfind('.'); dot != name.npos && dot > 0;
       dot = name.rfind('.', dot - 1)) {
    const auto* key = schema.find(name.substr(0, dot));
    if (!key) continue;
    const auto* type = &key->type;
    while (type->kind == ConfigType::optional) type = &type->element[0];
    const bool has_parts =
        type->kind == ConfigType::map || type->kind == ConfigType::object;
    return has_parts ? key : nullptr;
  }
  // "slurm=true"
  const auto* enabled = schema.find(name + ".enabled");
  return enabled && enabled->type.kind == ConfigType::boolean ? enabled
                                                              : nullptr;
}

bool ConfigSetting::has_option() const {
  return option.starts_with("--") && option != "--set";
}

std::string ConfigSetting::where() const {
  if (option.compare(0, 3, "EH_") == 0) return "the environment's " + option;
  if (has_option())
    return value ? option : option + " '" + printable(text) + "'";
  return option + ' ' + printable(name);
}

namespace {

// What a setting says as JSON: a value of code, or a text like {"layers": 3}.
std::optional<JsonValue> json_of(const ConfigSetting& setting) {
  if (setting.value || setting.text.compare(0, 1, "{") != 0)
    return setting.value;
  try {
    return parse_json(setting.text);
  } catch (const JsonError&) {
    return {};
  }
}

}  // namespace

std::vector<ConfigSetting> setting_parts(const ConfigSchema& schema,
                                         const ConfigSetting& setting) {
  if (!schema.has_below(setting.name)) return {setting};
  const auto json = json_of(setting);
  if (!json || json->kind != JsonValue::object) return {setting};
  std::vector<ConfigSetting> out;
  for (const auto& member : json->members)
    for (auto& part : setting_parts(schema, {setting.name + '.' + member.key,
                                             {},
                                             setting.option,
                                             setting.keeps_paths,
                                             member.value}))
      out.push_back(std::move(part));
  return out;
}

JsonValue setting_value(const ConfigKey& key, const ConfigSetting& setting,
                        const JsonValue& current, ValueReader& reader) {
  const bool part = setting.name.size() > key.name.size() &&
                    setting.name.compare(0, key.name.size(), key.name) == 0;
  if (!is_utf8(setting.name)) {
    reader.refuse_name(setting.where());
    return {};
  }
  return with_part(key.type, current,
                   part ? setting.name.substr(key.name.size() + 1) : "",
                   setting, reader);
}

ConfigSources::ConfigSources(const std::optional<ConfigText>& file,
                             Variables variables,
                             std::vector<ConfigSetting> settings,
                             std::string launch_directory)
    : launch_directory_(launch_directory.empty() ? fs::current_path().string()
                                                 : std::move(launch_directory)),
      variables_(std::move(variables)),
      settings_(std::move(settings)) {
  if (!file) return;
  file_directory_ = file->directory;
  others_read_file_ = file->others_read;
  file_.emplace(file->path, file->text, file->section, form_mistakes_);
}

Config ConfigSources::resolve(const ConfigSchema& schema,
                              const std::string& group,
                              const std::string& experiment) const {
  Config config(schema);
  apply_file(config, group, experiment);
  apply_settings(config, variable_settings(schema), Config::environment);
  apply_settings(config, settings_, Config::command);
  return config;
}

void ConfigSources::apply_file(Config& config, const std::string& group,
                               const std::string& experiment) const {
  if (!file_) return;
  for (const auto& layer : file_->layers()) {
    if (!layer.in_force || (!layer.group.empty() && layer.group != group))
      continue;
    if (!layer.pattern.empty() &&
        (experiment.empty() ||
         !ConfigPattern(layer.pattern).matches(experiment)))
      continue;
    std::vector<ConfigMistake> unknown;
    for (const auto& [name, value, place] :
         flattened(config.schema(), layer.values, unknown)) {
      std::vector<ConfigMistake> mistakes;
      ValueReader reader(file_directory_, mistakes);
      auto read = reader.read(config.schema().find(name)->type, value, name);
      if (!mistakes.empty()) continue;
      config.at(name) = {std::move(read), Config::file,
                         file_->path() + ':' + std::to_string(place.line) +
                             ':' + std::to_string(place.column)};
    }
  }
}

std::vector<ConfigSetting> ConfigSources::variable_settings(
    const ConfigSchema& schema) const {
  std::vector<ConfigSetting> out;
  auto look = [&](const std::string& name) {
    const auto variable = variable_of(name);
    const auto found = variables_.find(variable);
    if (found != variables_.end() && !found->second.empty() &&
        !is_reserved_variable(variable))
      out.push_back({name, found->second, variable, false});
  };
  for (const auto& name : schema.structs()) look(name);
  for (const auto& key : schema.keys()) look(key.name);
  return out;
}

void ConfigSources::apply_settings(Config& config,
                                   const std::vector<ConfigSetting>& settings,
                                   Config::Layer layer) const {
  for (const auto& whole : settings)
    for (const auto& setting : setting_parts(config.schema(), whole)) {
      const auto* key = setting_key(config.schema(), setting.name);
      if (!key) continue;
      std::vector<ConfigMistake> mistakes;
      ValueReader reader(directory_of(setting), mistakes);
      auto& entry = config.at(key->name);
      auto read = setting_value(*key, setting, entry.value, reader);
      if (mistakes.empty()) entry = {std::move(read), layer, setting.option};
    }
}

std::vector<std::string> ConfigSources::patterns(
    const std::string& group) const {
  std::vector<std::string> out;
  if (!file_) return out;
  for (const auto& layer : file_->layers())
    if (layer.in_force && !layer.pattern.empty() &&
        (layer.group.empty() || layer.group == group))
      out.push_back(layer.pattern);
  return out;
}

std::string secret(const Config& config, const std::string& name) {
  const auto& value = config.at(name).value;
  if (value.kind == JsonValue::string) return value.text;
  const auto file = config.at(name + "_file").value.text;
  if (file.empty()) return {};
  const auto refuse = [&](const std::string& why) {
    throw Error(exit_usage,
                "cannot use '" + file + "' as " + name + "_file: " + why);
  };
  std::error_code ignored;
  if (fs::is_directory(file, ignored))
    refuse("it is a folder, no file (name a private file with the secret)");
  if (others_can_read(file))
    refuse("others can read it (run: chmod 600 " + shell_quoted(file) + ')');
  auto text = read_whole(file, "the " + name + "_file", 64 * 1024);
  if (text.starts_with(byte_order_mark)) text.erase(0, byte_order_mark.size());
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  if (text.empty()) refuse("it is empty (write the secret into it)");
  return text;
}

}  // namespace eh::host
