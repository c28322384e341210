// Values as texts: of the environment and the command line.

#include "base/text.h"
#include "config/value.h"

namespace eh::host {

JsonValue ValueReader::parsed(const ConfigType& type, const std::string& text,
                              const std::string& name) {
  try {
    auto value = parse_json(text);
    value.place = {};
    return read(type, value, name);
  } catch (const JsonError& error) {
    note({}, name,
         "expected " + expected_text(type) + " in JSON: " + error.what() +
             " (column " + std::to_string(error.place.column) + ")");
    return {};
  }
}

JsonValue ValueReader::read_text(const ConfigType& type,
                                 const std::string& text,
                                 const std::string& name) {
  switch (type.kind) {
    case ConfigType::boolean: {
      JsonValue value;
      value.kind = JsonValue::boolean;
      for (const char* yes : {"true", "1", "yes", "on"})
        if (text == yes) {
          value.truth = true;
          return value;
        }
      for (const char* no : {"false", "0", "no", "off"})
        if (text == no) return value;
      return refuse(type, json_string_value(text), name);
    }
    case ConfigType::integer:
    case ConfigType::real: {
      const bool number = !text.empty() && text.find_first_not_of(
                                               "+-.0123456789eE") == text.npos;
      return read(type,
                  number ? json_number_value(text) : json_string_value(text),
                  name);
    }
    case ConfigType::list: {
      if (!text.empty() && text[0] == '[') return parsed(type, text, name);
      JsonValue out;
      out.kind = JsonValue::array;
      if (!text.empty())
        for (const auto& part : split(text, ','))
          out.elements.push_back(read_text(type.element[0], part, name));
      if (type.length > 0 && out.elements.size() != type.length)
        return refuse(type, json_string_value(text), name);
      return out;
    }
    case ConfigType::duration: {
      const bool plain =
          !text.empty() && text.find_first_not_of("-.0123456789") == text.npos;
      return read(type, json_string_value(plain ? text + 's' : text), name);
    }
    case ConfigType::map:
    case ConfigType::object:
      return parsed(type, text, name);
    case ConfigType::optional: {
      if (text == "null") return {};
      const auto before = mistakes_.size();
      auto value = read_text(type.element[0], text, name);
      allow_null(type, name, before);
      return value;
    }
    default:
      return read(type, json_string_value(text), name);
  }
}

}  // namespace eh::host
