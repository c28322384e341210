#include "config_value.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "text.h"

namespace eh::host {
namespace {

constexpr std::size_t longest_shown = 60;

std::string shown(const JsonValue& value) {
  auto text = json_text(value);
  if (text.size() > longest_shown) {
    auto end = longest_shown;
    while (end > 0 && (text[end] & 0xC0) == 0x80) --end;
    text = text.substr(0, end) + "...";
  }
  return text;
}

template <class Number>
std::optional<Number> parse_whole(const std::string& text) {
  Number number{};
  const auto* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number);
  if (result.ec != std::errc{} || result.ptr != end) return {};
  return number;
}

// Whether a whole number is within 64 bits, and compares it where it is.
struct Whole {
  bool valid = false;
  bool negative = false;
  std::uint64_t size = 0;  // without the sign
};

Whole whole_of(const std::string& text) {
  Whole out;
  out.negative = !text.empty() && text[0] == '-';
  const auto digits = text.substr(out.negative ? 1 : 0);
  if (const auto size = parse_whole<std::uint64_t>(digits)) {
    out.valid = true;
    out.size = *size;
    out.negative = out.negative && out.size > 0;
  }
  return out;
}

bool less(const Whole& a, const Whole& b) {
  if (a.negative != b.negative) return a.negative;
  return a.negative ? a.size > b.size : a.size < b.size;
}

template <class Real>
std::string shortest(Real value) {
  char buffer[40];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr};
}

template <class Real>
std::optional<std::string> canonical_real(const std::string& text) {
  Real value{};
  const auto* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ec != std::errc{} || result.ptr != end || !std::isfinite(value))
    return {};
  return shortest(value);
}

bool is_non_finite(const std::string& text) {
  return text == "nan" || text == "inf" || text == "-inf";
}

// "~" and "${NAME}" replaced; nothing, with `why`, if that cannot be.
std::optional<std::string> expanded(std::string text, std::string& why) {
  if (text == "~" || text.compare(0, 2, "~/") == 0) {
    const char* home = std::getenv("HOME");
    if (!home || !*home) {
      why = "cannot expand '~': HOME is not set";
      return {};
    }
    text.replace(0, 1, home);
  }
  for (std::size_t at = 0; (at = text.find("${", at)) != text.npos;) {
    const auto end = text.find('}', at);
    if (end == text.npos) {
      why = "'${' is not closed by '}'";
      return {};
    }
    const auto name = text.substr(at + 2, end - at - 2);
    const char* value = std::getenv(name.c_str());
    if (!value) {
      why = "the environment variable '" + name + "' is not set";
      return {};
    }
    text.replace(at, end + 1 - at, value);
    at += std::string_view(value).size();
  }
  return text;
}

}  // namespace

JsonValue default_of(const ConfigMember& member) {
  if (member.type.kind != ConfigType::object) return member.value;
  JsonValue out;
  out.kind = JsonValue::object;
  for (const auto& part : member.type.members)
    out.members.push_back({part.name, {}, default_of(part)});
  return out;
}

void ValueReader::note(TextPlace place, const std::string& name,
                       const std::string& why) {
  mistakes_.push_back({place, name + ": " + why});
}

JsonValue ValueReader::refuse(const ConfigType& type, const JsonValue& given,
                              const std::string& name) {
  std::string why = "expected " + expected_text(type);
  // What a secret looks like is nobody's business.
  if (type.kind != ConfigType::secret) why += ", not " + shown(given);
  note(given.place, name, why);
  return {};
}

JsonValue ValueReader::read(const ConfigType& type, const JsonValue& given,
                            const std::string& name) {
  switch (type.kind) {
    case ConfigType::boolean:
      if (given.kind != JsonValue::boolean) return refuse(type, given, name);
      return given;
    case ConfigType::text:
    case ConfigType::secret:
      if (given.kind != JsonValue::string) return refuse(type, given, name);
      return given;
    case ConfigType::integer:
      return read_integer(type, given, name);
    case ConfigType::real:
      return read_real(type, given, name);
    case ConfigType::duration:
      return read_duration(type, given, name);
    case ConfigType::choice:
      return read_choice(type, given, name);
    case ConfigType::path:
      if (given.kind != JsonValue::string) return refuse(type, given, name);
      return read_path(given, name);
    case ConfigType::list:
      return read_list(type, given, name);
    case ConfigType::map:
      return read_map(type, given, name);
    case ConfigType::object:
      return read_object(type, given, name);
    case ConfigType::optional: {
      if (given.kind == JsonValue::null) return given;
      const auto before = mistakes_.size();
      auto value = read(type.element[0], given, name);
      allow_null(type, before);
      return value;
    }
  }
  return {};
}

// What was expected by the mistake since `before` could have been null as well.
void ValueReader::allow_null(const ConfigType& type, std::size_t before) {
  const auto& inner = type.element[0];
  if (mistakes_.size() != before + 1 || inner.kind == ConfigType::object)
    return;
  auto& message = mistakes_.back().message;
  const auto expected = expected_text(inner);
  if (const auto at = message.find(expected); at != message.npos)
    message.insert(at + expected.size(), " or null");
}

JsonValue ValueReader::read_integer(const ConfigType& type,
                                    const JsonValue& given,
                                    const std::string& name) {
  if (given.kind != JsonValue::number) return refuse(type, given, name);
  const auto number = whole_of(given.text);
  if (!number.valid ||
      (!type.least.empty() && less(number, whole_of(type.least))) ||
      (!type.most.empty() && less(whole_of(type.most), number)))
    return refuse(type, given, name);
  auto out = given;
  out.text = (number.negative ? "-" : "") + std::to_string(number.size);
  return out;
}

JsonValue ValueReader::read_real(const ConfigType& type, const JsonValue& given,
                                 const std::string& name) {
  if (given.kind == JsonValue::string && is_non_finite(given.text) &&
      type.least.empty())
    return given;
  if (given.kind != JsonValue::number) return refuse(type, given, name);
  const auto text = type.single ? canonical_real<float>(given.text)
                                : canonical_real<double>(given.text);
  if (!text) return refuse(type, given, name);
  const auto value = std::strtod(text->c_str(), nullptr);
  if ((!type.least.empty() && value < std::strtod(type.least.c_str(), {})) ||
      (!type.most.empty() && value > std::strtod(type.most.c_str(), {})))
    return refuse(type, given, name);
  auto out = given;
  out.text = *text;
  return out;
}

JsonValue ValueReader::read_duration(const ConfigType& type,
                                     const JsonValue& given,
                                     const std::string& name) {
  if (given.kind != JsonValue::string || given.text.empty() ||
      given.text.back() < 'a' || given.text.back() > 'z')
    return refuse(type, given, name);
  const auto seconds = parse_duration(given.text);
  if (!seconds) return refuse(type, given, name);
  if (type.tick > 0) {
    const auto ticks = *seconds / type.tick;
    if (ticks > 9.2e18) return refuse(type, given, name);  // beyond 64 bits
    if (std::abs(ticks - std::round(ticks)) > 1e-9 * std::max(1.0, ticks)) {
      note(given.place, name,
           "expected a multiple of " + shortest(type.tick) + "s, not " +
               shown(given));
      return {};
    }
  }
  auto out = given;
  out.text = seconds_text(*seconds);
  return out;
}

JsonValue ValueReader::read_choice(const ConfigType& type,
                                   const JsonValue& given,
                                   const std::string& name) {
  if (given.kind != JsonValue::string) return refuse(type, given, name);
  if (std::find(type.choices.begin(), type.choices.end(), given.text) !=
      type.choices.end())
    return given;
  refuse(type, given, name);
  mistakes_.back().message += did_you_mean(given.text, type.choices);
  return {};
}

JsonValue ValueReader::read_path(const JsonValue& given,
                                 const std::string& name) {
  auto out = given;
  if (directory_.empty() || given.text.empty()) return out;
  std::string why;
  const auto text = expanded(given.text, why);
  if (!text) {
    note(given.place, name, why);
    return {};
  }
  out.text =
      (std::filesystem::path(directory_) / *text).lexically_normal().string();
  return out;
}

JsonValue ValueReader::read_list(const ConfigType& type, const JsonValue& given,
                                 const std::string& name) {
  if (given.kind != JsonValue::array ||
      (type.length > 0 && given.elements.size() != type.length))
    return refuse(type, given, name);
  auto out = given;
  for (std::size_t i = 0; i < out.elements.size(); ++i)
    out.elements[i] = read(type.element[0], given.elements[i],
                           name + '[' + std::to_string(i) + ']');
  return out;
}

JsonValue ValueReader::read_map(const ConfigType& type, const JsonValue& given,
                                const std::string& name) {
  if (given.kind != JsonValue::object) return refuse(type, given, name);
  auto out = given;
  for (auto& member : out.members)
    member.value = read(type.element[0], member.value, name + '.' + member.key);
  std::sort(out.members.begin(), out.members.end(),
            [](const auto& a, const auto& b) { return a.key < b.key; });
  return out;
}

JsonValue ValueReader::read_object(const ConfigType& type,
                                   const JsonValue& given,
                                   const std::string& name) {
  if (given.kind != JsonValue::object) return refuse(type, given, name);
  JsonValue out;
  out.kind = JsonValue::object;
  out.place = given.place;
  for (const auto& member : type.members) {
    const auto* value = given.find(member.name);
    out.members.push_back(
        {member.name,
         {},
         value ? read(member.type, *value, name + '.' + member.name)
               : default_of(member)});
  }
  for (const auto& member : given.members)
    if (!out.find(member.key)) {
      refuse_part(type, name, member.key);
      mistakes_.back().place = member.place;
    }
  return out;
}

void ValueReader::refuse_part(const ConfigType& type, const std::string& name,
                              const std::string& part) {
  std::vector<std::string> names;
  for (const auto& member : type.members) names.push_back(member.name);
  note(
      {}, name,
      "it has no member '" + printable(part) + "'" + did_you_mean(part, names));
}

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
      const bool number =
          !text.empty() && !is_non_finite(text) &&
          text.find_first_not_of("+-.0123456789eE") == text.npos;
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
    case ConfigType::map:
    case ConfigType::object:
      return parsed(type, text, name);
    case ConfigType::optional: {
      if (text == "null") return {};
      const auto before = mistakes_.size();
      auto value = read_text(type.element[0], text, name);
      allow_null(type, before);
      return value;
    }
    default:
      return read(type, json_string_value(text), name);
  }
}

}  // namespace eh::host
