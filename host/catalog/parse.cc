#include "catalog/parse.h"

#include <stdexcept>

#include "json/fields.h"
#include "json/write.h"

namespace eh::host {
namespace {

namespace json = boost::json;

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

Origin origin_of(const JsonFields& in) {
  return {0, in.text("file"), in.number<unsigned>("line")};
}

Parameter parameter_of(const JsonFields& in) {
  Parameter p;
  p.name = in.text("name");
  p.type = in.text("type");
  p.kind = kind_of(in.text("kind"));
  p.element = kind_of(in.text("element"));
  if (const auto* value = in.all().if_contains("value"))
    p.json = value_text(*value, p);
  p.label = in.text("label");
  p.choices = in.texts("choices");
  return p;
}

Axis axis_of(const JsonFields& in, const std::vector<Parameter>& parameters) {
  Axis axis;
  axis.parameter = in.number<std::size_t>("parameter");
  if (axis.parameter >= parameters.size())
    throw std::runtime_error("an axis of no parameter");
  const auto& parameter = parameters[axis.parameter];
  const auto& values = in.list("values");
  axis.first = in.number<std::int64_t>("first");
  axis.step = in.number<std::int64_t>("step");
  axis.count = in.number<std::uint64_t>("count");
  axis.listed_json.reserve(values.size());
  axis.listed_labels = in.texts("labels");
  const bool has_labels = !axis.listed_labels.empty();
  for (const auto& value : values) {
    axis.listed_json.push_back(value_text(value, parameter));
    if (!has_labels) axis.listed_labels.push_back(label_text(value));
  }
  if (axis.listed_labels.size() != axis.listed_json.size())
    throw std::runtime_error("an axis has more values than labels");
  return axis;
}

Family family_of(const JsonFields& in) {
  Family family;
  family.id = in.number<std::uint64_t>("id");
  family.group = in.text("group");
  family.name_template = in.text("name");
  family.description = in.text("description");
  family.origin = origin_of(in);
  family.names = in.texts("names");
  for (const auto& p : in.list("parameters"))
    family.parameters.push_back(parameter_of(JsonFields(p.as_object())));
  for (const auto& axis : in.list("axes"))
    family.axes.push_back(
        axis_of(JsonFields(axis.as_object()), family.parameters));
  if (in.has("keep")) {
    family.kept.emplace();
    for (const auto& range : in.list("keep"))
      family.kept->emplace_back(range.at(0).to_number<std::uint64_t>(),
                                range.at(1).to_number<std::uint64_t>());
  }
  family.timeout = in.find<double>("timeout");
  family.retries = in.find<int>("retries");
  return family;
}

PluginInfo plugin_of(const JsonFields& in) {
  PluginInfo plugin;
  const auto& abi = in.list("abi");
  if (abi.size() == 2) {
    plugin.abi_major = abi[0].to_number<unsigned>();
    plugin.abi_minor = abi[1].to_number<unsigned>();
  }
  plugin.sdk = in.text("sdk");
  plugin.compiler = in.text("compiler");
  plugin.flags = in.text("flags");
  plugin.commit = in.text("commit");
  if (in.has("dirty")) plugin.dirty = in.truth("dirty");
  plugin.libraries = in.texts("libraries");
  return plugin;
}

}  // namespace

Description parse_description(std::string_view text) {
  json::monotonic_resource memory;
  const auto document = json::parse(text, &memory);
  const JsonFields in(document.as_object());
  if (const auto error = in.text("error"); !error.empty())
    throw std::runtime_error(error);
  Description out;
  out.plugin = plugin_of(in);
  for (const auto& entry : in.list("groups")) {
    const JsonFields group(entry.as_object());
    out.groups.push_back({group.text("name"), group.text("description"),
                          origin_of(group), group.text("config")});
  }
  for (const auto& entry : in.list("experiments")) {
    Family family = family_of(JsonFields(entry.as_object()));
    if (auto wrong = family.prepare(); wrong.empty())
      out.families.push_back(std::move(family));
    else
      out.problems.push_back({"cannot register '" + family.name_template +
                                  "' in group '" + family.group + "': " + wrong,
                              family.origin});
  }
  for (const auto& entry : in.list("problems")) {
    const JsonFields problem(entry.as_object());
    out.problems.push_back({problem.text("message"), origin_of(problem)});
  }
  return out;
}

}  // namespace eh::host
