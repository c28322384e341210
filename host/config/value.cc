#include "config/value.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <optional>

#include "base/text.h"
#include "base/utf8.h"

namespace eh::host {
namespace {

constexpr std::size_t longest_shown = 60;
constexpr char not_utf8[] = "this is not UTF-8 (write it in UTF-8)";

std::string shown(const JsonValue& value) {
  auto text = json_text(value);
  if (text.size() > longest_shown) {
    auto end = longest_shown;
    while (end > 0 && (text[end] & 0xC0) == 0x80) --end;
    text = text.substr(0, end) + "...";
  }
  return text;
}

template <class Real>
std::string shortest(Real value) {
  char buffer[40];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr};
}

template <class Real>
std::errc parse_real(const std::string& text, Real& value) {
  const auto* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  return result.ptr != end ? std::errc::invalid_argument : result.ec;
}

// Of a text that is a number, or "".
std::optional<double> bound(const std::string& text) {
  double value = 0;
  if (parse_real(text, value) != std::errc{}) return {};
  return value;
}

// Whether a number that does not fit is a very small one.
bool is_tiny(const std::string& text) {
  const auto e = text.find_first_of("eE");
  if (e != text.npos) return text.compare(e + 1, 1, "-") == 0;
  return text.find_first_not_of("-0") == text.find('.');
}

bool is_non_finite(const std::string& text) {
  return text == "nan" || text == "inf" || text == "-inf";
}

std::optional<double> signed_seconds(std::string_view text) {
  const bool negative = text.starts_with('-');
  auto seconds = parse_duration(text.substr(negative ? 1 : 0));
  if (seconds && negative && *seconds > 0) *seconds = -*seconds;
  return seconds;
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
  if (given.kind == JsonValue::string && !is_utf8(given.text)) {
    note(given.place, name, not_utf8);
    return {};
  }
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
      allow_null(type, name, before);
      return value;
    }
  }
  return {};
}

// What was expected by the mistake since `before` could have been null as well.
void ValueReader::allow_null(const ConfigType& type, const std::string& name,
                             std::size_t before) {
  if (mistakes_.size() != before + 1 ||
      type.element[0].kind == ConfigType::object)
    return;
  auto& message = mistakes_.back().message;
  if (!message.starts_with(name + ": expected ")) return;
  const auto end =
      std::min(message.find(", not ", name.size()), message.size());
  message.insert(end, " or null");
}

JsonValue ValueReader::refuse_range(const std::string& what,
                                    const std::string& least,
                                    const std::string& most,
                                    const JsonValue& given,
                                    const std::string& name) {
  note(given.place, name,
       "expected " + what + " from " + least + " to " + most + ", not " +
           shown(given));
  return {};
}

JsonValue ValueReader::read_integer(const ConfigType& type,
                                    const JsonValue& given,
                                    const std::string& name) {
  const auto digits = given.text.starts_with('-') ? 1 : 0;
  if (given.kind != JsonValue::number ||
      given.text.find_first_not_of("0123456789", digits) != std::string::npos)
    return refuse(type, given, name);
  const auto number = wide_of(given.text);
  const auto least = type.least.empty() ? "-9223372036854775808" : type.least;
  const auto most = type.most.empty() ? "18446744073709551615" : type.most;
  if (!number || *number < wide_of(least) || *number > wide_of(most))
    return refuse_range("a whole number", least, most, given, name);
  auto out = given;
  out.text = wide_text(*number);
  return out;
}

template <class Real>
JsonValue ValueReader::read_real_of(const ConfigType& type,
                                    const JsonValue& given,
                                    const std::string& name) {
  Real value{};
  const auto error = parse_real(given.text, value);
  if (error == std::errc::result_out_of_range) {
    using Limits = std::numeric_limits<Real>;
    if (!is_tiny(given.text))
      return refuse_range("a number", shortest(Limits::lowest()),
                          shortest(Limits::max()), given, name);
    note(given.place, name,
         "expected 0 or a number of " + shortest(Limits::denorm_min()) +
             " or more in size, not " + shown(given));
    return {};
  }
  if (error != std::errc{} || !std::isfinite(value) ||
      value < bound(type.least).value_or(value) ||
      value > bound(type.most).value_or(value))
    return refuse(type, given, name);
  auto out = given;
  out.text = shortest(value);
  return out;
}

JsonValue ValueReader::read_real(const ConfigType& type, const JsonValue& given,
                                 const std::string& name) {
  if (given.kind == JsonValue::string && is_non_finite(given.text) &&
      type.least.empty())
    return given;
  if (given.kind != JsonValue::number) return refuse(type, given, name);
  return type.single ? read_real_of<float>(type, given, name)
                     : read_real_of<double>(type, given, name);
}

JsonValue ValueReader::read_duration(const ConfigType& type,
                                     const JsonValue& given,
                                     const std::string& name) {
  if (given.kind != JsonValue::string || given.text.empty() ||
      given.text.back() < 'a' || given.text.back() > 'z')
    return refuse(type, given, name);
  const auto seconds = signed_seconds(given.text);
  if (!seconds) return refuse(type, given, name);
  if (type.tick) return read_ticks(type, given, name);
  if (*seconds < 0 && type.least == "0") {
    note(given.place, name,
         "expected a time of at least 0s, not " + shown(given));
    return {};
  }
  auto out = given;
  out.text = seconds_text(*seconds);
  return out;
}

JsonValue ValueReader::read_ticks(const ConfigType& type,
                                  const JsonValue& given,
                                  const std::string& name) {
  const auto least =
      wide_of(type.least).value_or(std::numeric_limits<std::int64_t>::min());
  const auto most =
      wide_of(type.most).value_or(std::numeric_limits<std::int64_t>::max());
  const auto count = type.tick.count(given.text);
  if (!count || count->ticks < least || count->ticks > most)
    return refuse_range("a time", type.tick.text_of(least),
                        type.tick.text_of(most), given, name);
  if (!count->whole) {
    note(
        given.place, name,
        "expected a multiple of " + type.tick.text() + ", not " + shown(given));
    return {};
  }
  auto out = given;
  const auto exact = type.tick.exact_text(count->ticks);
  out.text = exact ? *exact : seconds_text(*signed_seconds(given.text));
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
  if (is_utf8(out.text)) return out;
  note(given.place, name,
       "the path that it stands for is not UTF-8, because of the folder or a"
       " variable in it (rename the folder)");
  return {};
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

void ValueReader::refuse_name(const std::string& name) {
  note({}, name, not_utf8);
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
