#include "config/flatten.h"

#include "base/text.h"

namespace eh::host {
namespace {

class Flattener {
 public:
  Flattener(const ConfigSchema& schema, std::vector<ConfigMistake>& mistakes,
            const std::function<bool(const std::string&)>& elsewhere)
      : schema_(schema), mistakes_(mistakes), elsewhere_(elsewhere) {}

  void object(const std::string& prefix, const JsonValue& object) {
    for (const auto& member : object.members) {
      if (prefix.empty() && is_file_word(member.key)) continue;
      value(prefix, member);
    }
  }

  std::vector<FlatValue> out;

 private:
  void value(const std::string& prefix, const JsonMember& member) {
    const auto name = prefix + member.key;
    if (const auto* key = schema_.find(name)) {
      out.push_back({key->name, member.value, member.place});
    } else if (schema_.has_below(name)) {
      const auto* enabled = schema_.find(name + ".enabled");
      if (member.value.kind == JsonValue::object)
        object(name + '.', member.value);
      else if (enabled && member.value.kind == JsonValue::boolean)
        out.push_back({enabled->name, member.value, member.place});
      else
        mistakes_.push_back(
            {member.value.place, name + ": expected an object, like {\"" +
                                     first_below(name) + "\": ...}"});
    } else if (!elsewhere_ || !elsewhere_(name)) {
      mistakes_.push_back({member.place, "there is no value '" +
                                             printable(name) + "'" +
                                             schema_.near(prefix, member.key)});
    }
  }

  std::string first_below(const std::string& name) const {
    for (const auto& key : schema_.keys())
      if (key.name.compare(0, name.size() + 1, name + '.') == 0)
        return key.name.substr(name.size() + 1);
    return {};
  }

  const ConfigSchema& schema_;
  std::vector<ConfigMistake>& mistakes_;
  const std::function<bool(const std::string&)>& elsewhere_;
};

}  // namespace

std::vector<FlatValue> flattened(
    const ConfigSchema& schema, const JsonValue& object,
    std::vector<ConfigMistake>& mistakes,
    const std::function<bool(const std::string&)>& elsewhere) {
  Flattener flattener(schema, mistakes, elsewhere);
  flattener.object("", object);
  return std::move(flattener.out);
}

}  // namespace eh::host
