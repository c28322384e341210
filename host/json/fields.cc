#include "json/fields.h"

namespace eh::host {

namespace json = boost::json;

std::string JsonFields::text(std::string_view key) const {
  const auto* value = object_.if_contains(key);
  return value && value->is_string() ? std::string(value->get_string())
                                     : std::string();
}

std::vector<std::string> JsonFields::texts(std::string_view key) const {
  std::vector<std::string> out;
  for (const auto& element : list(key))
    if (element.is_string()) out.emplace_back(element.get_string());
  return out;
}

bool JsonFields::truth(std::string_view key) const {
  const auto* value = object_.if_contains(key);
  return value && value->is_bool() && value->get_bool();
}

std::optional<JsonFields> JsonFields::object(std::string_view key) const {
  const auto* value = object_.if_contains(key);
  if (!value || !value->is_object()) return {};
  return JsonFields(value->get_object());
}

const json::array& JsonFields::list(std::string_view key) const {
  static const json::array none;
  const auto* value = object_.if_contains(key);
  return value && value->is_array() ? value->get_array() : none;
}

ParsedJson::ParsedJson(std::string_view text) : value_(&memory_) {
  json::parse_options options;
  options.max_depth = 200;  // configurations may be nested
  boost::system::error_code error;
  auto value = json::parse(text, error, &memory_, options);
  if (!error) value_ = std::move(value);
}

std::optional<JsonFields> ParsedJson::fields() const {
  const auto* object = value_.if_object();
  if (!object) return {};
  return JsonFields(*object);
}

}  // namespace eh::host
