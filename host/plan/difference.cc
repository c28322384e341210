#include "plan/difference.h"

#include <map>
#include <set>

#include "base/sha1.h"
#include "config/experiment_config.h"
#include "json/write.h"

namespace eh::host {
namespace {

using Values = std::map<std::string, JsonValue>;  // by dotted name

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
    if (old != before.end() && same_value(old->second, value)) continue;
    out.push_back({what + name,
                   old == before.end() ? "" : json_text(old->second),
                   json_text(value), config ? config->at(name).origin : ""});
  }
  for (const auto& [name, value] : before)
    if (!now.count(name))
      out.push_back({what + name, json_text(value), "", ""});
}

Values parameter_values(const std::string& json) {
  Values out;
  for (auto& member : parsed(json).members)
    out.emplace(member.key, member.value);
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
      out[name] = member.value;
  }
}

// Where the hashes differ, by which a leaf is stale, something is told.
void compare_configs(const Verdict& verdict, const Config& config,
                     std::vector<Difference>& out) {
  const auto own = config.own_json();
  const auto hash = own.empty() ? "" : sha1_text(own);
  if (hash == verdict.config_hash) return;
  const auto old = parsed(verdict.config);
  Values before, now;
  add_gone(before, "", old, config.schema());
  for (const auto& key : config.schema().keys()) {
    if (!key.own) continue;
    now[key.name] = config.at(key.name).value;
    if (const auto* value = at(old, key.name)) before[key.name] = *value;
  }
  const auto known = out.size();
  compare("config ", before, now, &config, out);
  const auto quoted = [](const std::string& text) {
    return text.empty() ? "" : json_string(text);
  };
  if (out.size() == known)
    out.push_back({"config", quoted(verdict.config_hash), quoted(hash), ""});
}

void compare_seeds(const Verdict& verdict, const std::string& group,
                   const std::string& name, const Config& config,
                   std::vector<Difference>& out) {
  const auto& salt = config.at("salt");
  const auto now = experiment_seed(salt.value.text, group, name);
  if (!verdict.seed || *verdict.seed == now) return;
  if (verdict.salt != salt.value.text)
    out.push_back({"salt", json_string(verdict.salt),
                   json_string(salt.value.text), salt.origin});
  else
    out.push_back({"seed", std::to_string(*verdict.seed), std::to_string(now),
                   salt.origin});
}

}  // namespace

std::vector<Difference> parameter_differences(const std::string& before,
                                              const std::string& now) {
  std::vector<Difference> out;
  compare("parameter ", parameter_values(before), parameter_values(now),
          nullptr, out);
  return out;
}

std::vector<Difference> differences(const Verdict& verdict,
                                    const Catalog& catalog,
                                    const Experiment& experiment,
                                    const Config& config,
                                    const PluginBuild& build) {
  std::vector<Difference> out;
  const Family& family = catalog.families[experiment.family];
  if (!verdict.parameters.empty()) {
    out = parameter_differences(verdict.parameters,
                                family.parameters_json(experiment.point));
    compare_configs(verdict, config, out);
  }
  compare_seeds(verdict, family.group, family.name(experiment.point), config,
                out);
  if (!verdict.build_id.empty() && verdict.build_id != build.build_id)
    out.push_back({"plugin", verdict.build_id, build.build_id, ""});
  const auto build_in = [](const LibraryBuilds& builds,
                           const std::string& name) {
    const auto found = builds.find(name);
    return found == builds.end() ? std::string() : found->second;
  };
  for (const auto& name : other_libraries(verdict, build))
    out.push_back({"library " + name, build_in(*verdict.libraries, name),
                   build_in(build.libraries, name), ""});
  return out;
}

std::vector<std::string> other_libraries(const Verdict& verdict,
                                         const PluginBuild& now) {
  std::vector<std::string> out;
  if (!verdict.libraries || *verdict.libraries == now.libraries) return out;
  std::set<std::string> names;
  for (const auto* builds : {&*verdict.libraries, &now.libraries})
    for (const auto& [name, build] : *builds) names.insert(name);
  for (const auto& name : names) {
    const auto before = verdict.libraries->find(name);
    const auto after = now.libraries.find(name);
    if (before == verdict.libraries->end() || after == now.libraries.end() ||
        before->second != after->second)
      out.push_back(name);
  }
  return out;
}

}  // namespace eh::host
