#include "config/config.h"

#include <algorithm>
#include <stdexcept>

#include "base/error.h"

namespace eh::host {

Config::Config(const ConfigSchema& schema) : schema_(&schema) {
  for (const auto& key : schema.keys())
    entries_.push_back(
        {key.value, key.from_class ? group_class : builtin,
         key.from_class ? "class " + schema.class_name() : "default"});
}

const Config::Entry& Config::at(std::string_view name) const {
  const auto& keys = schema_->keys();
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (keys[i].name == name) return entries_[i];
  throw std::logic_error("there is no configuration value '" +
                         std::string(name) + "'");
}

Config::Entry& Config::at(std::string_view name) {
  return const_cast<Entry&>(static_cast<const Config&>(*this).at(name));
}

JsonValue nested(
    const std::vector<std::pair<std::string, const JsonValue*>>& values) {
  JsonValue out;
  out.kind = JsonValue::object;
  for (const auto& [name, value] : values) {
    auto* object = &out;
    std::string_view rest = name;
    for (auto dot = rest.find('.'); dot != rest.npos; dot = rest.find('.')) {
      const auto part = rest.substr(0, dot);
      auto found = std::find_if(object->members.begin(), object->members.end(),
                                [&](const auto& m) { return m.key == part; });
      if (found == object->members.end()) {
        object->members.push_back({std::string(part), {}, {}});
        found = object->members.end() - 1;
        found->value.kind = JsonValue::object;
      }
      object = &found->value;
      rest.remove_prefix(dot + 1);
    }
    object->members.push_back({std::string(rest), {}, *value});
  }
  return out;
}

namespace {

using Values = std::vector<std::pair<std::string, const JsonValue*>>;

template <class Choose>
Values chosen(const Config& config, const Choose& choose) {
  Values values;
  const auto& keys = config.schema().keys();
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (keys[i].type.kind != ConfigType::secret &&
        choose(keys[i], config.entries()[i]))
      values.emplace_back(keys[i].name, &config.entries()[i].value);
  return values;
}

std::string text_of(const Values& values) {
  return values.empty() ? "" : json_text(nested(values));
}

}  // namespace

std::string Config::experiment_json() const {
  return text_of(chosen(*this, [](const ConfigKey& key, const Entry& entry) {
    return key.own ||
           (entry.layer != builtin && key.scope != ConfigScope::host);
  }));
}

std::string Config::own_json() const {
  auto values =
      chosen(*this, [](const ConfigKey& key, const Entry&) { return key.own; });
  std::sort(values.begin(), values.end());
  return text_of(values);
}

ConfigSchemas::ConfigSchemas(const Catalog& catalog)
    : groups_(catalog.group_names()) {
  for (const auto& family : catalog.families)
    for (const auto& parameter : family.parameters)
      parameters_.emplace(family.group, parameter.name);
  for (const auto& group : catalog.groups) {
    if (group.config.empty()) continue;
    try {
      classes_.emplace(group.name,
                       ConfigSchema(parse_config_class(group.config)));
    } catch (const std::runtime_error& error) {
      throw Error(exit_bad_plugin, "cannot use group '" + group.name + "' of " +
                                       catalog.where(group.origin) + ": " +
                                       error.what());
    }
  }
}

const ConfigSchema& ConfigSchemas::of(const std::string& group) const {
  const auto found = classes_.find(group);
  return found == classes_.end() ? framework_ : found->second;
}

bool ConfigSchemas::is_parameter(const std::string& group,
                                 const std::string& name) const {
  return parameters_.count({group, name}) > 0;
}

bool ConfigSchemas::any_has(const std::string& name) const {
  if (groups_.empty()) return framework_.near("", name).empty();
  return std::any_of(classes_.begin(), classes_.end(), [&](const auto& entry) {
    return entry.second.find(name) || entry.second.has_below(name);
  });
}

}  // namespace eh::host
