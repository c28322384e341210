#include "config/check.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <tuple>

#include "base/error.h"
#include "base/text.h"
#include "config/flatten.h"
#include "contract/child.h"

namespace eh::host {

class ConfigCheck {
 public:
  ConfigCheck(const ConfigSources& sources, const ConfigSchemas& schemas,
              const std::string& group, bool names_known = true)
      : sources_(sources),
        schemas_(schemas),
        group_(group),
        names_known_(names_known),
        schema_(schemas.of(group)) {}

  void check_all() {
    mistakes_ = sources_.form_mistakes_;
    check_file();
    for (const auto& setting : sources_.variable_settings(schema_))
      check_parts(setting, true);
    for (const auto& setting : sources_.settings_) check_parts(setting, false);
    find_near_variables();
  }

  /// Only what is needed before plugins are loaded: all else is told together
  /// with mistakes in values that only plugins know.
  bool stops_loading() const {
    return !sources_.form_mistakes_.empty() || early_mistake_;
  }

  // Throws Error (usage) if there are mistakes.
  void refuse() {
    std::vector<std::string> lines;
    std::stable_sort(mistakes_.begin(), mistakes_.end(),
                     [](const auto& a, const auto& b) {
                       return std::tie(a.place.line, a.place.column) <
                              std::tie(b.place.line, b.place.column);
                     });
    for (const auto& mistake : mistakes_) {
      auto line = sources_.file_path();
      if (mistake.place.line > 0)
        line += ':' + std::to_string(mistake.place.line) + ':' +
                std::to_string(mistake.place.column);
      line += ": " + mistake.message;
      if (lines.empty() || lines.back() != line) lines.push_back(line);
    }
    lines.insert(lines.end(), others_.begin(), others_.end());
    if (lines.empty()) return;
    if (lines.size() == 1)
      throw Error(exit_usage, (lines[0] == option_mistake_
                                   ? "cannot use "
                                   : "cannot use the configuration: ") +
                                  lines[0]);
    constexpr std::size_t most = 100;
    auto text =
        "cannot use the configuration: " + count_text(lines.size(), "mistake");
    for (std::size_t i = 0; i < std::min(most, lines.size()); ++i)
      text += "\n  " + lines[i];
    if (lines.size() > most)
      text += "\n  ... and " + grouped(lines.size() - most) + " more";
    throw Error(exit_usage, text);
  }

  std::vector<std::string> warnings;

 private:
  // From the last layer to the first, so that it is known what is replaced.
  void check_file() {
    if (!sources_.file_) return;
    note_settings(schema_);
    if (group_.empty())
      for (const auto& [group, schema] : schemas_.classes())
        note_settings(schema);
    const auto& layers = sources_.file_->layers();
    std::for_each(layers.rbegin(), layers.rend(),
                  [this](const auto& layer) { check_layer(layer); });
    std::reverse(warnings.begin(), warnings.end());
  }

  // The keys that the environment or the command line sets as a whole.
  void note_settings(const ConfigSchema& schema) {
    auto settings = sources_.variable_settings(schema);
    settings.insert(settings.end(), sources_.settings_.begin(),
                    sources_.settings_.end());
    for (const auto& setting : settings)
      for (const auto& part : setting_parts(schema, setting))
        if (const auto* key = schema.find(part.name)) set_.insert(key->name);
  }

  // Whether a value is in force, and nothing that is sure to win replaces it:
  // what another expands to is nobody's business.
  bool may_win(const ConfigLayer& layer, const ConfigKey& key) {
    return layer.in_force &&
           given_.emplace(layer.group, layer.pattern, key.name).second &&
           !set_.contains(key.name);
  }

  // The schema that a layer's values are for; null if its group is unknown.
  const ConfigSchema* schema_of(const ConfigLayer& layer) {
    if (layer.group.empty()) return &schema_;
    const auto& groups = schemas_.groups();
    if (std::find(groups.begin(), groups.end(), layer.group) != groups.end())
      return &schemas_.of(layer.group);
    if (groups.empty() || !layer.in_force) return nullptr;
    const auto what =
        "no plugin has the group '" + printable(layer.group) + "'";
    if (const auto near = did_you_mean(layer.group, groups); !near.empty()) {
      if (layer.pattern.empty()) add(layer.place, what + near);
    } else if (layer.pattern.empty()) {
      warnings.push_back(sources_.file_path() + ':' +
                         std::to_string(layer.place.line) + ':' +
                         std::to_string(layer.place.column) + ": " + what +
                         ": its values are not used");
    }
    return nullptr;
  }

  void check_layer(const ConfigLayer& layer) {
    const auto* schema = schema_of(layer);
    std::function<bool(const std::string&)> elsewhere;
    if (!schema || !names_known_)
      elsewhere = [](const std::string&) { return true; };
    else if (layer.group.empty())
      elsewhere = [this](const std::string& name) {
        return schemas_.any_has(name);
      };
    if (!schema) schema = &schemas_.framework();
    std::vector<ConfigMistake> found;
    for (const auto& value : flattened(*schema, layer.values, found, elsewhere))
      check_value(layer, *schema->find(value.name), value, found);
    if (layer.group.empty()) check_elsewhere(layer, *schema, found);
    mistakes_.insert(mistakes_.end(), found.begin(), found.end());
  }

  void check_value(const ConfigLayer& layer, const ConfigKey& key,
                   const FlatValue& value, std::vector<ConfigMistake>& found) {
    const auto before = found.size();
    ValueReader reader(may_win(layer, key) ? sources_.file_directory_ : "",
                       found);
    reader.read(key.type, value.value, key.name);
    auto refuse = [&](const std::string& why) {
      found.push_back({value.place, key.name + ": " + why});
    };
    if (!layer.group.empty() && key.scope == ConfigScope::host)
      refuse(
          "it is needed before groups are known (write it outside of"
          " 'groups')");
    else if (!layer.pattern.empty() && key.scope != ConfigScope::experiment)
      refuse(
          "it holds for a whole run, not for some of its experiments (write"
          " it outside of 'experiments')");
    if (key.type.kind == ConfigType::secret && sources_.others_read_file_)
      refuse("others can read this file (run: chmod 600 " +
             shell_quoted(sources_.file_path()) + ')');
    if (key.scope == ConfigScope::host && found.size() > before)
      early_mistake_ = true;
  }

  // Values that only classes of other groups have are checked for the first.
  void check_elsewhere(const ConfigLayer& layer, const ConfigSchema& schema,
                       std::vector<ConfigMistake>& found) {
    std::vector<std::string> seen;
    for (const auto& [group, other] : schemas_.classes()) {
      std::vector<ConfigMistake> unknown;
      for (const auto& value : flattened(other, layer.values, unknown)) {
        if (schema.find(value.name) ||
            std::find(seen.begin(), seen.end(), value.name) != seen.end())
          continue;
        seen.push_back(value.name);
        check_value(layer, *other.find(value.name), value, found);
      }
    }
  }

  void check_parts(const ConfigSetting& setting, bool from_environment) {
    for (const auto& part : setting_parts(schema_, setting))
      check_setting(part, from_environment);
  }

  void check_setting(const ConfigSetting& setting, bool from_environment) {
    const auto* key = setting_key(schema_, setting.name);
    if (!key && group_.empty())
      for (const auto& [group, other] : schemas_.classes())
        if (!key) key = setting_key(other, setting.name);
    if (!key) {
      if (!names_known_ || (group_.empty() && schemas_.any_has(setting.name)))
        return;
      others_.push_back(setting.where() + ": " + unknown(setting.name));
      return;
    }
    if (key->type.kind == ConfigType::secret && !from_environment) {
      const bool from_code = !setting.option.starts_with("--");
      others_.push_back(setting.where() +
                        (from_code ? ": a secret is not set in code (use "
                                   : ": all processes of this machine can read"
                                     " a command line (use ") +
                        variable_of(key->name) + ", or " + key->name +
                        "_file with a private file)");
      return;
    }
    std::vector<ConfigMistake> mistakes;
    ValueReader reader(sources_.directory_of(setting), mistakes);
    setting_value(*key, setting, key->value, reader);
    for (const auto& mistake : mistakes) {
      others_.push_back(mistake.message);
      if (!setting.has_option()) continue;
      // What was given stands before it already.
      auto& text = others_.back();
      if (!setting.value)
        text.resize(
            std::min(text.find(", not ", setting.where().size()), text.size()));
      option_mistake_ = text;
    }
    if (!mistakes.empty() && key->scope == ConfigScope::host)
      early_mistake_ = true;
  }

  std::string unknown(const std::string& name) const {
    if (schema_.has_below(name))
      return "'" + name + "' has parts (set one, or all in JSON: " + name +
             R"(={"part": ...}))";
    const auto dot = name.rfind('.');
    const auto prefix = dot == name.npos ? "" : name.substr(0, dot + 1);
    const auto there = "there is no value '" + printable(name) + "'" +
                       (group_.empty() ? "" : " in group '" + group_ + "'");
    if (schemas_.is_parameter(group_, name))
      return there +
             ": it is a parameter, which experiments get where they are "
             "registered (--where chooses by parameters)";
    return there + schema_.near(prefix, name.substr(prefix.size()));
  }

  // Nobody else has such names: one that is not ours is a typo.
  void find_near_variables() {
    std::vector<std::string> known;
    for (const auto* schemas : {&schemas_.framework(), &schema_})
      for (const auto& key : schemas->keys())
        known.push_back(variable_of(key.name));
    for (const auto& name : schema_.structs())
      known.push_back(variable_of(name));
    std::sort(known.begin(), known.end());
    known.erase(std::unique(known.begin(), known.end()), known.end());
    warn_of_reserved_variables();
    for (const auto& [variable, value] : sources_.variables_) {
      if (is_reserved_variable(variable) ||
          std::binary_search(known.begin(), known.end(), variable))
        continue;
      const auto near = did_you_mean(variable, known);
      if (!near.empty() || names_known_)
        warnings.push_back(
            "the environment has " + variable + ", which means nothing" +
            (near.empty() ? " ('config' lists what does)" : near));
    }
  }

  // An experiment that starts eh-host itself has them all.
  void warn_of_reserved_variables() {
    if (sources_.variables_.count(contract::env_run)) return;
    for (const auto& key : schema_.keys())
      if (const auto variable = variable_of(key.name);
          is_reserved_variable(variable) && sources_.variables_.count(variable))
        warnings.push_back("the environment has " + variable +
                           ", which means something else to eh and does not"
                           " set '" +
                           key.name + "' (use --set " + key.name +
                           "=... or a configuration file)");
  }

  void add(TextPlace place, const std::string& message) {
    mistakes_.push_back({place, message});
  }

  const ConfigSources& sources_;
  const ConfigSchemas& schemas_;
  const std::string& group_;
  const bool names_known_;  // else plugins may have any
  const ConfigSchema& schema_;
  std::vector<ConfigMistake> mistakes_;  // of the file
  std::vector<std::string> others_;      // of the environment, command line
  // Of (group, pattern, name): what layers in force say, as far as seen.
  std::set<std::tuple<std::string_view, std::string_view, std::string_view>>
      given_;
  std::set<std::string_view> set_;  // see note_settings()
  std::string option_mistake_;      // the last one of an option's own
  bool early_mistake_ = false;
};

void check_form(const ConfigSources& sources) {
  const ConfigSchemas none;
  const std::string no_group;
  ConfigCheck check(sources, none, no_group, false);
  check.check_all();
  if (check.stops_loading()) check.refuse();
}

std::vector<std::string> check_all(const ConfigSources& sources,
                                   const ConfigSchemas& schemas,
                                   const std::string& group) {
  ConfigCheck check(sources, schemas, group);
  check.check_all();
  check.refuse();
  return std::move(check.warnings);
}

}  // namespace eh::host
