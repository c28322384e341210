#include "config/type.h"

#include <charconv>
#include <stdexcept>

namespace eh::host {
namespace {

std::string text_of(const JsonValue& object, std::string_view key) {
  const auto* value = object.find(key);
  return value ? value->text : std::string();
}

ConfigType type_of(const JsonValue& object);

std::vector<ConfigMember> members_of(const JsonValue& object) {
  std::vector<ConfigMember> out;
  if (const auto* members = object.find("members"))
    for (const auto& member : members->elements) {
      out.push_back({text_of(member, "name"), type_of(member), {}, {}});
      if (out.back().name.empty())
        throw std::runtime_error("a member of a configuration has no name");
      if (const auto* value = member.find("value")) out.back().value = *value;
    }
  return out;
}

ConfigType::Kind kind_of(const std::string& name) {
  static constexpr std::pair<std::string_view, ConfigType::Kind> kinds[] = {
      {"bool", ConfigType::boolean},      {"integer", ConfigType::integer},
      {"real", ConfigType::real},         {"text", ConfigType::text},
      {"path", ConfigType::path},         {"choice", ConfigType::choice},
      {"duration", ConfigType::duration}, {"list", ConfigType::list},
      {"map", ConfigType::map},           {"optional", ConfigType::optional},
      {"object", ConfigType::object}};
  for (const auto& [known, kind] : kinds)
    if (known == name) return kind;
  throw std::runtime_error("a configuration value of the unknown kind '" +
                           name + "' (the plugin was built with a newer eh)");
}

ConfigType type_of(const JsonValue& object) {
  ConfigType out;
  out.kind = kind_of(text_of(object, "kind"));
  out.name = text_of(object, "type");
  out.least = text_of(object, "min");
  out.most = text_of(object, "max");
  if (const auto* single = object.find("single")) out.single = single->truth;
  if (const auto tick = text_of(object, "tick"); !tick.empty())
    out.tick = ConfigTick(tick);
  const auto length = text_of(object, "length");
  std::from_chars(length.data(), length.data() + length.size(), out.length);
  if (const auto* choices = object.find("choices"))
    for (const auto& choice : choices->elements)
      out.choices.push_back(choice.text);
  if (const auto* element = object.find("element"))
    out.element.push_back(type_of(*element));
  out.members = members_of(object);
  const bool contains = out.kind == ConfigType::list ||
                        out.kind == ConfigType::map ||
                        out.kind == ConfigType::optional;
  if (contains && out.element.empty())
    throw std::runtime_error("a configuration " + text_of(object, "kind") +
                             " of nothing");
  return out;
}

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const auto& text : texts) out += (out.empty() ? "" : ", ") + text;
  return out;
}

std::string range_text(const ConfigType& type) {
  // The bounds of the wide types say nothing to people.
  const bool any_least = type.least.empty() || type.least.size() > 11;
  const bool any_most = type.most.empty() || type.most.size() > 11;
  if (any_least && any_most) return {};
  if (any_most) return ", at least " + type.least;
  if (any_least) return ", at most " + type.most;
  return " from " + type.least + " to " + type.most;
}

// The plural, for "a list of ...".
std::string several(const ConfigType& type) {
  switch (type.kind) {
    case ConfigType::boolean:
      return "true or false";
    case ConfigType::integer:
      return "whole numbers" + range_text(type);
    case ConfigType::real:
      return "numbers" + range_text(type);
    case ConfigType::text:
    case ConfigType::secret:
      return "texts";
    case ConfigType::path:
      return "paths";
    case ConfigType::choice:
      return "any of " + joined(type.choices);
    case ConfigType::duration:
      return "times with their units";
    case ConfigType::list:
      return "lists of " + several(type.element[0]);
    case ConfigType::map:
      return "objects with " + several(type.element[0]);
    case ConfigType::optional:
      return several(type.element[0]) + " or null";
    case ConfigType::object:
      return "objects";
  }
  return {};
}

}  // namespace

std::string expected_text(const ConfigType& type) {
  switch (type.kind) {
    case ConfigType::boolean:
      return "true or false";
    case ConfigType::integer:
      return "a whole number" + range_text(type);
    case ConfigType::real:
      return "a number" + range_text(type);
    case ConfigType::text:
    case ConfigType::secret:
      return "a text in quotes";
    case ConfigType::path:
      return "a path in quotes";
    case ConfigType::choice:
      return "one of " + joined(type.choices);
    case ConfigType::duration:
      return "a time with its unit, like \"90s\", \"10min\" or \"2h\"";
    case ConfigType::list:
      return "a list of " +
             (type.length > 0 ? std::to_string(type.length) + " " : "") +
             several(type.element[0]);
    case ConfigType::map:
      return "an object from names to " + several(type.element[0]);
    case ConfigType::optional:
      return expected_text(type.element[0]) + " or null";
    case ConfigType::object: {
      std::vector<std::string> names;
      for (const auto& member : type.members) names.push_back(member.name);
      return "an object with " + joined(names);
    }
  }
  return {};
}

ConfigClass parse_config_class(std::string_view json) {
  const auto document = parse_json(json);
  ConfigClass out;
  out.name = text_of(document, "class");
  out.members = members_of(document);
  out.overrides.kind = JsonValue::object;
  if (const auto* overrides = document.find("overrides"))
    out.overrides = *overrides;
  return out;
}

JsonValue json_string_value(std::string text) {
  JsonValue out;
  out.kind = JsonValue::string;
  out.text = std::move(text);
  return out;
}

JsonValue json_number_value(std::string text) {
  JsonValue out;
  out.kind = JsonValue::number;
  out.text = std::move(text);
  return out;
}

}  // namespace eh::host
