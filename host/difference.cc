#include "difference.h"

#include <map>

namespace eh::host {
namespace {

using Values = std::map<std::string, std::string>;  // JSON by dotted name

JsonValue parsed(const std::string& text) {
  JsonValue empty;
  empty.kind = JsonValue::object;
  if (text.empty()) return empty;
  try {
    return parse_json(text);
  } catch (const JsonError&) {
    return empty;
  }
}

const JsonValue* at(const JsonValue& object, std::string_view name) {
  const auto* value = &object;
  for (;;) {
    const auto dot = name.find('.');
    value = value->find(name.substr(0, dot));
    if (!value || dot == name.npos) return value;
    name.remove_prefix(dot + 1);
  }
}

void compare(const std::string& what, const Values& before, const Values& now,
             const Config* config, std::vector<Difference>& out) {
  for (const auto& [name, value] : now) {
    const auto old = before.find(name);
    if (old != before.end() && old->second == value) continue;
    out.push_back({what + name, old == before.end() ? "" : old->second, value,
                   config ? config->at(name).origin : ""});
  }
  for (const auto& [name, value] : before)
    if (!now.count(name)) out.push_back({what + name, value, "", ""});
}

Values parameter_values(const std::string& json) {
  Values out;
  for (const auto& member : parsed(json).members)
    out[member.key] = json_text(member.value);
  return out;
}

// The leaves of what is neither a key now nor above one: keys of an earlier
// class.
void add_gone(Values& out, const std::string& prefix, const JsonValue& object,
              const ConfigSchema& schema) {
  for (const auto& member : object.members) {
    const auto name = prefix + member.key;
    if (schema.find(name)) continue;
    if (schema.has_below(name))
      add_gone(out, name + '.', member.value, schema);
    else
      out[name] = json_text(member.value);
  }
}

}  // namespace

std::vector<Difference> differences(const Verdict& verdict,
                                    const Catalog& catalog,
                                    const Experiment& experiment,
                                    const Config& config,
                                    const std::string& build_id) {
  std::vector<Difference> out;
  if (verdict.parameters.empty()) return out;
  const Family& family = catalog.families[experiment.family];
  compare("parameter ", parameter_values(verdict.parameters),
          parameter_values(family.parameters_json(experiment.point)), nullptr,
          out);
  const auto old = parsed(verdict.config);
  Values before, now;
  add_gone(before, "", old, config.schema());
  for (const auto& key : config.schema().keys()) {
    if (!key.own) continue;
    now[key.name] = json_text(config.at(key.name).value);
    if (const auto* value = at(old, key.name))
      before[key.name] = json_text(*value);
  }
  compare("config ", before, now, &config, out);
  if (!verdict.build_id.empty() && verdict.build_id != build_id)
    out.push_back({"plugin", verdict.build_id, build_id, ""});
  return out;
}

}  // namespace eh::host
