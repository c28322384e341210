#include "config/json_schema.h"

#include <map>
#include <vector>

#include "config/value.h"
#include "json/write.h"

namespace eh::host {
namespace {

std::string any_of(const std::vector<std::string>& schemas) {
  if (schemas.size() == 1) return schemas[0];
  JsonArray list;
  for (const auto& schema : schemas) list.next() += schema;
  return JsonObject().raw("anyOf", list.str()).str();
}

std::string texts(const std::vector<std::string>& all) {
  JsonArray list;
  for (const auto& text : all) append_json_string(list.next(), text);
  return list.str();
}

JsonObject described(const ConfigType& type);

std::string schema_of(const ConfigType& type) {
  return described(type).str();
}

JsonObject closed_object(const std::string& properties) {
  return JsonObject()
      .text("type", "object")
      .raw("properties", properties)
      .boolean("additionalProperties", false);
}

JsonObject described(const ConfigType& type) {
  JsonObject out;
  switch (type.kind) {
    case ConfigType::boolean:
      return out.text("type", "boolean");
    case ConfigType::integer:
    case ConfigType::real:
      if (type.kind == ConfigType::real && type.least.empty())
        return out.raw("anyOf",
                       R"([{"type":"number"},{"enum":["nan","inf","-inf"]}])");
      out.text("type", type.kind == ConfigType::integer ? "integer" : "number");
      if (!type.least.empty()) out.raw("minimum", type.least);
      if (!type.most.empty()) out.raw("maximum", type.most);
      return out;
    case ConfigType::text:
    case ConfigType::path:
    case ConfigType::secret:
      return out.text("type", "string");
    case ConfigType::choice:
      return out.raw("enum", texts(type.choices));
    case ConfigType::duration: {
      constexpr char number[] = R"(([0-9]+\.?[0-9]*|\.[0-9]+))";
      constexpr char unit[] = "(ms|s|sec|m|min|h|d)";
      return out.text("type", "string")
          .text("pattern", (type.least == "0" ? "^(" : "^-?(") +
                               std::string(number) + unit + ")+$");
    }
    case ConfigType::list:
      out.text("type", "array").raw("items", schema_of(type.element[0]));
      if (type.length > 0)
        out.natural("minItems", type.length).natural("maxItems", type.length);
      return out;
    case ConfigType::map:
      return out.text("type", "object")
          .raw("additionalProperties", schema_of(type.element[0]));
    case ConfigType::optional:
      return out.raw("anyOf",
                     '[' + schema_of(type.element[0]) + R"(,{"type":"null"}])");
    case ConfigType::object: {
      JsonObject members;
      for (const auto& member : type.members)
        members.raw(member.name,
                    described(member.type)
                        .raw("default", json_text(default_of(member)))
                        .str());
      return closed_object(members.str());
    }
  }
  return out;
}

// Keys as a tree again, since "slurm.gpus" is written {"slurm": {"gpus": 1}}.
class Properties {
 public:
  void add(const ConfigKey& key) {
    auto schema = described(key.type);
    if (!key.description.empty()) schema.text("description", key.description);
    if (key.type.kind != ConfigType::secret)
      schema.raw("default", json_text(key.value));
    add(key.name, schema.str());
  }
  /// A word of the file.
  void add_word(const std::string& name, const std::string& schema) {
    leaves_.emplace_back(name, std::vector{schema});
  }
  std::string json() const {
    JsonObject out;
    for (const auto& [name, schemas] : leaves_)
      if (!nodes_.count(name)) out.raw(name, any_of(schemas));
    for (const auto& [name, below] : nodes_) {
      // What is a struct in one class may be a value in another.
      auto schemas = leaf(name);
      schemas.push_back(closed_object(below.json()).str());
      // "slurm": true is "slurm": {"enabled": true}.
      if (!below.leaf("enabled").empty())
        schemas.push_back(R"({"type":"boolean"})");
      out.raw(name, any_of(schemas));
    }
    return out.str();
  }

 private:
  void add(const std::string& name, const std::string& schema) {
    if (const auto dot = name.find('.'); dot != name.npos)
      return nodes_[name.substr(0, dot)].add(name.substr(dot + 1), schema);
    for (auto& [known, schemas] : leaves_)
      if (known == name) {
        if (schemas.back() != schema) schemas.push_back(schema);
        return;
      }
    leaves_.emplace_back(name, std::vector{schema});
  }
  std::vector<std::string> leaf(const std::string& name) const {
    for (const auto& [known, schemas] : leaves_)
      if (known == name) return schemas;
    return {};
  }

  std::vector<std::pair<std::string, std::vector<std::string>>> leaves_;
  std::map<std::string, Properties> nodes_;
};

void add_keys(Properties& out, const ConfigSchema& schema, ConfigScope least) {
  for (const auto& key : schema.keys())
    if (key.scope >= least) out.add(key);
}

std::string by_name(const std::string& schema) {
  return JsonObject()
      .text("type", "object")
      .raw("additionalProperties", schema)
      .str();
}

std::string experiments(const std::vector<const ConfigSchema*>& schemas) {
  Properties values;
  for (const auto* schema : schemas)
    add_keys(values, *schema, ConfigScope::experiment);
  return by_name(closed_object(values.json()).str());
}

std::string group(const ConfigSchema& schema) {
  Properties values;
  add_keys(values, schema, ConfigScope::group);
  values.add_word("experiments", experiments({&schema}));
  return closed_object(values.json()).str();
}

}  // namespace

std::string config_json_schema(const ConfigSchemas& schemas) {
  std::vector<const ConfigSchema*> all = {&schemas.framework()};
  for (const auto& [name, schema] : schemas.classes()) all.push_back(&schema);
  Properties section;
  for (const auto* schema : all) add_keys(section, *schema, ConfigScope::host);
  JsonObject groups;
  for (const auto& name : schemas.groups())
    groups.raw(name, group(schemas.of(name)));
  section.add_word("groups", JsonObject()
                                 .text("type", "object")
                                 .raw("properties", groups.str())
                                 .str());
  section.add_word("experiments", experiments(all));
  Properties whole = section;
  section.add_word("extends",
                   R"({"anyOf":[{"type":"string"},)"
                   R"({"type":"array","items":{"type":"string"}}]})");
  whole.add_word("sections", by_name(R"({"$ref":"#/definitions/section"})"));
  whole.add_word("$schema", R"({"type":"string"})");
  return JsonObject()
      .text("$schema", "http://json-schema.org/draft-07/schema#")
      .text("title", "eh configuration")
      .members(closed_object(whole.json()).members())
      .raw("definitions",
           JsonObject()
               .raw("section", closed_object(section.json()).str())
               .str())
      .str();
}

}  // namespace eh::host
