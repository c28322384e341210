#include "leaf/verdict.h"

#include <boost/json.hpp>
#include <limits>

namespace eh::host {
namespace {

namespace json = boost::json;

constexpr const char* names[] = {"ok",      "failed",        "crashed",
                                 "timeout", "out_of_memory", "cancelled",
                                 "stopped"};

std::string text_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->get_string())
                                     : std::string();
}

std::optional<double> number_of(const json::object& object,
                                std::string_view key) {
  const auto* value = object.if_contains(key);
  if (!value || !value->is_number()) return {};
  return value->to_number<double>();
}

// The nearest that there is of a foreign file's number.
template <class Integer>
std::optional<Integer> integer_of(const json::object& object,
                                  std::string_view key) {
  using Limits = std::numeric_limits<Integer>;
  const auto number = number_of(object, key);
  if (!number) return {};
  if (*number >= static_cast<double>(Limits::max())) return Limits::max();
  if (*number <= static_cast<double>(Limits::min())) return Limits::min();
  return static_cast<Integer>(*number);
}

// Parses `text` as one object in `memory`.
const json::object* parse_object(std::string_view text, json::value& value) {
  json::error_code error;
  json::parse_options options;
  options.max_depth = 200;  // configurations may be nested
  value = json::parse(text, error, value.storage(), options);
  return error ? nullptr : value.if_object();
}

// The end of the string that begins at `at`, in valid JSON.
std::size_t string_end(std::string_view text, std::size_t at) {
  for (++at; text[at] != '"'; ++at)
    if (text[at] == '\\') ++at;
  return at + 1;
}

// The end of the value that begins at `at`, in valid JSON.
std::size_t value_end(std::string_view text, std::size_t at) {
  for (int depth = 0;;) {
    at = text[at] == '"' ? string_end(text, at) : at;
    at = text.find_first_of("\"{[]},", at);
    const char c = text[at];
    if (depth == 0 && (c == ',' || c == '}')) return at;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (c != '"') ++at;
  }
}

// A member that is an object, as it stands in `text`, a valid object:
// Boost.JSON 1.81 misrounds some real numbers. "" if it is none. Of several the
// last one counts.
std::string object_text(std::string_view text, std::string_view key) {
  constexpr std::string_view blank = " \t\r\n";
  std::string_view found;
  for (auto at = text.find('"'); at != text.npos; at = text.find('"', at)) {
    const auto end = string_end(text, at);
    const auto name = text.substr(at + 1, end - at - 2);
    const auto value = text.find_first_not_of(blank, text.find(':', end) + 1);
    at = value_end(text, value);
    if (name != key) continue;
    const auto last = text.find_last_not_of(blank, at - 1);
    found = text.substr(value, last + 1 - value);
  }
  return std::string(found.starts_with('{') ? found : std::string_view());
}

// Of an array of objects, each with its path and what tells its build.
std::optional<std::map<std::string, std::string>> libraries_of(
    const json::object& plugin) {
  const auto* value = plugin.if_contains("libraries");
  if (!value || !value->is_array()) return {};
  std::map<std::string, std::string> out;
  for (const auto& entry : value->get_array()) {
    const auto* library = entry.if_object();
    if (!library) return {};
    const auto path = text_of(*library, "path");
    auto& build = out[path.substr(path.find_last_of('/') + 1)];
    for (const auto* kind : {"file", "sha1", "build_id"})
      if (library->contains(kind)) build = text_of(*library, kind);
  }
  return out;
}

}  // namespace

const char* status_name(Status status) {
  return names[static_cast<int>(status)];
}

std::optional<Status> parse_status(std::string_view name) {
  for (std::size_t i = 0; i < std::size(names); ++i)
    if (name == names[i]) return static_cast<Status>(i);
  return {};
}

std::optional<Verdict> parse_verdict(std::string_view text) {
  json::monotonic_resource memory;
  json::value value(&memory);
  const auto* object = parse_object(text, value);
  if (!object) return {};
  const auto status = parse_status(text_of(*object, "status"));
  const auto seconds = number_of(*object, "seconds");
  if (!status || !seconds) return {};
  Verdict verdict;
  verdict.status = *status;
  verdict.format = integer_of<int>(*object, "format").value_or(0);
  verdict.message = text_of(*object, "message");
  verdict.exception = text_of(*object, "exception");
  verdict.exit_code = integer_of<int>(*object, "exit_code");
  verdict.signal = text_of(*object, "signal");
  verdict.start = text_of(*object, "start");
  verdict.end = text_of(*object, "end");
  verdict.seconds = *seconds;
  verdict.attempt = integer_of<unsigned>(*object, "attempt").value_or(1);
  if (verdict.attempt == 0 || verdict.attempt > most_attempts)
    verdict.attempt = 1;
  verdict.parameters = object_text(text, "parameters");
  verdict.config = object_text(text, "config");
  verdict.results = object_text(text, "results");
  verdict.host = text_of(*object, "host");
  if (const auto* seed = object->if_contains("seed");
      seed && (seed->is_int64() || seed->is_uint64()))
    verdict.seed = seed->is_uint64()
                       ? seed->get_uint64()
                       : static_cast<std::uint64_t>(seed->get_int64());
  verdict.salt = text_of(*object, "salt");
  verdict.config_hash = text_of(*object, "config_hash");
  verdict.run_id = text_of(*object, "run");
  if (const auto* plugin = object->if_contains("plugin");
      plugin && plugin->is_object()) {
    verdict.build_id = text_of(plugin->get_object(), "build_id");
    verdict.hash = text_of(plugin->get_object(), "sha1");
    verdict.libraries = libraries_of(plugin->get_object());
  }
  return verdict;
}

std::optional<Verdict> parse_original_metadata(std::string_view text) {
  json::monotonic_resource memory;
  json::value value(&memory);
  const auto* object = parse_object(text, value);
  if (!object || object->contains("status")) return {};
  const auto seconds = number_of(*object, "seconds");
  if (!seconds || !object->contains("start") || !object->contains("end"))
    return {};
  Verdict verdict;
  verdict.status = Status::ok;
  verdict.start = text_of(*object, "start");
  verdict.end = text_of(*object, "end");
  verdict.seconds = *seconds;
  return verdict;
}

}  // namespace eh::host
