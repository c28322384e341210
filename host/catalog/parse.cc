// Reads a plugin's description, as eh-child writes it.

#include <boost/json.hpp>
#include <stdexcept>

#include "catalog/catalog.h"
#include "json/write.h"

namespace eh::host {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->get_string())
                                     : std::string();
}

template <class Integer>
Integer integer_of(const json::object& object, std::string_view key,
                   Integer otherwise) {
  const auto* value = object.if_contains(key);
  return value && (value->is_int64() || value->is_uint64())
             ? value->to_number<Integer>()
             : otherwise;
}

const json::array& array_of(const json::object& object, std::string_view key) {
  static const json::array none;
  const auto* value = object.if_contains(key);
  return value && value->is_array() ? value->get_array() : none;
}

// A value's JSON text again, numbers in their shortest form.
void append_value(std::string& out, const json::value& value) {
  switch (value.kind()) {
    case json::kind::string:
      append_json_string(out, value.get_string());
      break;
    case json::kind::double_:
      append_json_number(out, value.get_double());
      break;
    case json::kind::array: {
      char separator = '[';
      for (const auto& element : value.get_array()) {
        out += separator;
        append_value(out, element);
        separator = ',';
      }
      out += separator == '[' ? "[]" : "]";
      break;
    }
    default:
      out += json::serialize(value);
  }
}

std::string value_text(const json::value& value) {
  std::string out;
  append_value(out, value);
  return out;
}

// Real numbers come as text in quotes, since Boost.JSON 1.81 misrounds some;
// they are taken over letter by letter.
std::string real_text(const json::value& value) {
  if (!value.is_string()) return value_text(value);
  const std::string text(value.get_string());
  return text == "nan" || text == "inf" || text == "-inf" ? json_string(text)
                                                          : text;
}

std::string value_text(const json::value& value, const Parameter& parameter) {
  if (parameter.kind == Kind::real) return real_text(value);
  if (parameter.kind != Kind::list || parameter.element != Kind::real ||
      !value.is_array())
    return value_text(value);
  std::string out = "[";
  for (const auto& element : value.get_array())
    out += (out.size() > 1 ? "," : "") + real_text(element);
  return out + ']';
}

std::string label_text(const json::value& value) {
  return value.is_string() ? std::string(value.get_string())
                           : value_text(value);
}

Kind kind_of(std::string_view name) {
  if (name == "bool") return Kind::boolean;
  if (name == "integer") return Kind::integer;
  if (name == "real") return Kind::real;
  if (name == "choice") return Kind::choice;
  if (name == "list") return Kind::list;
  return Kind::text;
}

Origin origin_of(const json::object& object) {
  return {0, text_of(object, "file"), integer_of(object, "line", 0u)};
}

Parameter parameter_of(const json::object& object) {
  Parameter p;
  p.name = text_of(object, "name");
  p.type = text_of(object, "type");
  p.kind = kind_of(text_of(object, "kind"));
  p.element = kind_of(text_of(object, "element"));
  if (const auto* value = object.if_contains("value"))
    p.json = value_text(*value, p);
  p.label = text_of(object, "label");
  for (const auto& choice : array_of(object, "choices"))
    p.choices.emplace_back(choice.as_string());
  return p;
}

Axis axis_of(const json::object& object,
             const std::vector<Parameter>& parameters) {
  Axis axis;
  axis.parameter = integer_of<std::size_t>(object, "parameter", 0);
  if (axis.parameter >= parameters.size())
    throw std::runtime_error("an axis of no parameter");
  const auto& parameter = parameters[axis.parameter];
  const auto& values = array_of(object, "values");
  const auto& labels = array_of(object, "labels");
  axis.first = integer_of<std::int64_t>(object, "first", 0);
  axis.step = integer_of<std::int64_t>(object, "step", 0);
  axis.count = integer_of<std::uint64_t>(object, "count", 0);
  axis.listed_json.reserve(values.size());
  axis.listed_labels.reserve(values.size());
  for (const auto& value : values) {
    axis.listed_json.push_back(value_text(value, parameter));
    if (labels.empty()) axis.listed_labels.push_back(label_text(value));
  }
  for (const auto& label : labels)
    axis.listed_labels.emplace_back(label.as_string());
  if (axis.listed_labels.size() != axis.listed_json.size())
    throw std::runtime_error("an axis has more values than labels");
  return axis;
}

Family family_of(const json::object& object) {
  Family family;
  family.id = integer_of<std::uint64_t>(object, "id", 0);
  family.group = text_of(object, "group");
  family.name_template = text_of(object, "name");
  family.description = text_of(object, "description");
  family.origin = origin_of(object);
  for (const auto& name : array_of(object, "names"))
    family.names.emplace_back(name.as_string());
  for (const auto& p : array_of(object, "parameters"))
    family.parameters.push_back(parameter_of(p.as_object()));
  for (const auto& axis : array_of(object, "axes")) {
    family.axes.push_back(axis_of(axis.as_object(), family.parameters));
  }
  if (object.contains("keep")) {
    family.kept.emplace();
    for (const auto& range : array_of(object, "keep"))
      family.kept->emplace_back(range.at(0).to_number<std::uint64_t>(),
                                range.at(1).to_number<std::uint64_t>());
  }
  if (const auto* timeout = object.if_contains("timeout"))
    family.timeout = timeout->to_number<double>();
  if (object.contains("retries"))
    family.retries = integer_of(object, "retries", 0);
  return family;
}

PluginInfo plugin_of(const json::object& object) {
  PluginInfo plugin;
  const auto& abi = array_of(object, "abi");
  if (abi.size() == 2) {
    plugin.abi_major = abi[0].to_number<unsigned>();
    plugin.abi_minor = abi[1].to_number<unsigned>();
  }
  plugin.sdk = text_of(object, "sdk");
  plugin.compiler = text_of(object, "compiler");
  plugin.flags = text_of(object, "flags");
  plugin.commit = text_of(object, "commit");
  if (const auto* dirty = object.if_contains("dirty");
      dirty && dirty->is_bool())
    plugin.dirty = dirty->get_bool();
  for (const auto& library : array_of(object, "libraries"))
    plugin.libraries.emplace_back(library.as_string());
  return plugin;
}

}  // namespace

Description parse_description(std::string_view text) {
  json::monotonic_resource memory;
  const auto document = json::parse(text, &memory);
  const auto& object = document.as_object();
  if (const auto error = text_of(object, "error"); !error.empty())
    throw std::runtime_error(error);
  Description out;
  out.plugin = plugin_of(object);
  for (const auto& entry : array_of(object, "groups")) {
    const auto& group = entry.as_object();
    out.groups.push_back({text_of(group, "name"), text_of(group, "description"),
                          origin_of(group), text_of(group, "config")});
  }
  for (const auto& entry : array_of(object, "experiments")) {
    Family family = family_of(entry.as_object());
    if (auto wrong = family.prepare(); wrong.empty())
      out.families.push_back(std::move(family));
    else
      out.problems.push_back({"cannot register '" + family.name_template +
                                  "' in group '" + family.group + "': " + wrong,
                              family.origin});
  }
  for (const auto& entry : array_of(object, "problems")) {
    const auto& problem = entry.as_object();
    out.problems.push_back({text_of(problem, "message"), origin_of(problem)});
  }
  return out;
}

}  // namespace eh::host
