#include "config/schema.h"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "base/text.h"
#include "config/flatten.h"
#include "config/framework_keys.h"

namespace eh::host {
namespace {

// With '_' for '.', which environment variables cannot have.
std::string flat(std::string_view name) {
  std::string out(name);
  std::replace(out.begin(), out.end(), '.', '_');
  return out;
}

// Reads the defaults of a struct's members, wherever in a type it is.
void read_defaults(ConfigType& type, const std::string& name,
                   ValueReader& reader) {
  for (auto& element : type.element) read_defaults(element, name, reader);
  for (auto& member : type.members) {
    const auto full = name + '.' + member.name;
    read_defaults(member.type, full, reader);
    if (member.type.kind != ConfigType::object)
      member.value = reader.read(member.type, member.value, full);
  }
}

void add_own(std::vector<ConfigKey>& out, const std::string& prefix,
             const std::vector<ConfigMember>& members, ValueReader& reader) {
  for (const auto& member : members) {
    const auto name = prefix + member.name;
    if (member.type.kind == ConfigType::object) {
      add_own(out, name + '.', member.type.members, reader);
      continue;
    }
    ConfigKey key{name, member.type, {}, member.description};
    read_defaults(key.type, name, reader);
    key.value = reader.read(key.type, member.value, name);
    key.own = key.from_class = true;
    out.push_back(std::move(key));
  }
}

}  // namespace

std::string variable_of(const std::string& name) {
  std::string out = "EH_" + flat(name);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

bool is_file_word(std::string_view name) {
  return name == "extends" || name == "groups" || name == "experiments" ||
         name == "sections" || name == "$schema";
}

ConfigSchema::ConfigSchema() : keys_(framework_keys()) {}

ConfigSchema::ConfigSchema(const ConfigClass& its_class) : ConfigSchema() {
  add_class(its_class);
}

void ConfigSchema::add_class(const ConfigClass& its_class) {
  std::string wrong;
  auto refuse = [&](const std::string& why) {
    wrong += (wrong.empty() ? "" : "; ") + why;
  };
  class_name_ = its_class.name;
  for (const auto& member : its_class.members) {
    if (is_file_word(member.name))
      refuse("its member '" + member.name +
             "' has a meaning of its own in configuration files (rename it)");
    if (find(member.name) || has_below(member.name))
      refuse("its member '" + member.name +
             "' is one of eh::Config's (rename it)");
  }
  // What the class changes replaces the framework's defaults.
  std::vector<ConfigMistake> mistakes;
  ValueReader reader({}, mistakes);
  for (const auto& [name, value, place] :
       flattened(*this, its_class.overrides, mistakes)) {
    const auto key = std::find_if(
        keys_.begin(), keys_.end(),
        [&, wanted = name](const ConfigKey& k) { return k.name == wanted; });
    if (key->scope == ConfigScope::host)
      refuse("it sets '" + name +
             "', which is needed before plugins are loaded (set it in the"
             " configuration file)");
    key->value = reader.read(key->type, value, name);
    key->from_class = true;
  }
  if (wrong.empty()) add_own(keys_, "", its_class.members, reader);
  for (const auto& mistake : mistakes) refuse(mistake.message);
  if (wrong.empty()) wrong = shared_variables();
  if (!wrong.empty())
    throw std::runtime_error("cannot use the configuration class '" +
                             its_class.name + "': " + wrong);
}

std::string ConfigSchema::shared_variables() const {
  std::string out;
  std::map<std::string, std::string> names;
  auto add = [&](const std::string& name) {
    const auto variable = variable_of(name);
    const auto [first, is_new] = names.emplace(variable, name);
    if (!is_new)
      out += (out.empty() ? "'" : "; '") + first->second + "' and '" + name +
             "' are both set by the variable " + variable + " (rename one)";
  };
  for (const auto& key : keys_) add(key.name);
  for (const auto& name : structs()) add(name);
  return out;
}

const ConfigKey* ConfigSchema::find(std::string_view name) const {
  for (const auto& key : keys_)
    if (key.name == name) return &key;
  for (const auto& key : keys_)
    if (key.name.find('.') != std::string::npos && flat(key.name) == name)
      return &key;
  return nullptr;
}

bool ConfigSchema::has_below(std::string_view name) const {
  return std::any_of(keys_.begin(), keys_.end(), [&](const ConfigKey& key) {
    return key.name.size() > name.size() && key.name[name.size()] == '.' &&
           key.name.compare(0, name.size(), name) == 0;
  });
}

std::string ConfigSchema::near(std::string_view prefix,
                               std::string_view name) const {
  std::vector<std::string> here, anywhere;
  for (const auto& key : keys_) {
    const std::string_view whole = key.name;
    if (whole.substr(0, prefix.size()) == prefix) {
      const auto rest = whole.substr(prefix.size());
      here.emplace_back(rest.substr(0, rest.find('.')));
      here.emplace_back(rest);
    }
    const auto dot = whole.rfind('.');
    if (dot != whole.npos && whole.substr(dot + 1) == name)
      anywhere.push_back(key.name);
  }
  std::sort(here.begin(), here.end());
  here.erase(std::unique(here.begin(), here.end()), here.end());
  if (const auto text = did_you_mean(name, here); !text.empty()) return text;
  // The right name in the wrong place.
  std::string out;
  for (const auto& other : anywhere)
    out += (out.empty() ? ", did you mean '" : " or '") + other + "'";
  return out.empty() ? out : out + '?';
}

std::vector<std::string> ConfigSchema::structs() const {
  std::vector<std::string> out;
  for (const auto& key : keys_)
    for (auto dot = key.name.find('.'); dot != std::string::npos;
         dot = key.name.find('.', dot + 1)) {
      auto name = key.name.substr(0, dot);
      if (std::find(out.begin(), out.end(), name) == out.end())
        out.push_back(std::move(name));
    }
  return out;
}

}  // namespace eh::host
