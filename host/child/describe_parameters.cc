#include "child/describe_parameters.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "child/text.h"
#include "json/write.h"

namespace eh::host::child {
namespace {

const char* kind_name(std::uint32_t kind) {
  constexpr const char* names[] = {"text", "bool",   "integer", "real",
                                   "text", "choice", "list"};
  return kind < std::size(names) ? names[kind] : "text";
}

std::string_view json_or_null(eh_text json) {
  return json.size > 0 ? view(json) : "null";
}

// A real number as text in quotes: the host's JSON parser rounds some, and a
// verdict has to say what ran to the last digit. "nan" and "inf" are in quotes
// already.
void append_exact(std::string& out, std::string_view number) {
  if (number.starts_with('"'))
    out += number;
  else
    append_json_string(out, number);
}

std::string exact_json(const eh_parameter& parameter, eh_text json) {
  const auto text = view(json);
  std::string out;
  if (parameter.kind == EH_REAL && !text.empty()) {
    append_exact(out, text);
  } else if (parameter.kind == EH_LIST && parameter.element_kind == EH_REAL &&
             text.size() > 2) {
    auto rest = text.substr(1, text.size() - 2);
    for (char separator = '['; separator != ']';) {
      while (rest.starts_with(' ')) rest.remove_prefix(1);
      const auto comma = std::min(rest.find(','), rest.size());
      out += separator;
      append_exact(out, rest.substr(0, comma));
      separator = comma < rest.size() ? ',' : ']';
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    out += ']';
  } else {
    out = json_or_null(json);
  }
  return out;
}

struct AxisText {
  const eh_parameter* parameter = nullptr;
  JsonArray values, labels;
  bool labelled = false;  ///< a label differs from its value's text
};

void take_value(void* context, const eh_value* value) {
  auto& axis = *static_cast<AxisText*>(context);
  const auto json = json_or_null(value->json);
  const auto label = view(value->label);
  axis.values.next() += exact_json(*axis.parameter, value->json);
  append_json_string(axis.labels.next(), label);
  if (label != json) axis.labelled = true;
}

}  // namespace

std::string parameter_json(const eh_parameter& parameter) {
  JsonObject out;
  out.text("name", view(parameter.name))
      .text("type", view(parameter.type))
      .text("kind", kind_name(parameter.kind));
  if (parameter.kind == EH_LIST)
    out.text("element", kind_name(parameter.element_kind));
  out.raw("value", exact_json(parameter, parameter.value.json))
      .text("label", view(parameter.value.label));
  if (parameter.choice_count > 0) {
    JsonArray choices;
    for (std::size_t i = 0; i < parameter.choice_count; ++i)
      append_json_string(choices.next(), view(*parameter.choices[i]));
    out.raw("choices", choices.str());
  }
  return out.str();
}

bool is_range(const eh_axis& axis) {
  return axis.size >= sizeof(eh_axis) && axis.range_step != 0;
}

std::string axis_json(const eh_axis& axis, const eh_parameter& parameter) {
  if (is_range(axis))
    return JsonObject()
        .natural("parameter", axis.parameter)
        .integer("first", axis.range_first)
        .integer("step", axis.range_step)
        .natural("count", axis.count)
        .str();
  AxisText text;
  text.parameter = &parameter;
  for (std::uint64_t i = 0; i < axis.count; ++i)
    axis.value(&axis, i, take_value, &text);
  JsonObject out;
  out.natural("parameter", axis.parameter).raw("values", text.values.str());
  if (text.labelled) out.raw("labels", text.labels.str());
  return out.str();
}

}  // namespace eh::host::child
