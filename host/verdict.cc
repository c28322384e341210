#include "verdict.h"

#include <boost/json.hpp>

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

// Parses `text` as one object in `memory`.
const json::object* parse_object(std::string_view text, json::value& value) {
  json::error_code error;
  value = json::parse(text, error, value.storage());
  return error ? nullptr : value.if_object();
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
  verdict.format = static_cast<int>(number_of(*object, "format").value_or(0));
  verdict.message = text_of(*object, "message");
  verdict.exception = text_of(*object, "exception");
  if (const auto code = number_of(*object, "exit_code"))
    verdict.exit_code = static_cast<int>(*code);
  verdict.signal = text_of(*object, "signal");
  verdict.start = text_of(*object, "start");
  verdict.end = text_of(*object, "end");
  verdict.seconds = *seconds;
  verdict.attempt =
      static_cast<unsigned>(number_of(*object, "attempt").value_or(1));
  if (const auto* parameters = object->if_contains("parameters"))
    verdict.parameters = json::serialize(*parameters);
  if (const auto* plugin = object->if_contains("plugin");
      plugin && plugin->is_object()) {
    verdict.build_id = text_of(plugin->get_object(), "build_id");
    verdict.hash = text_of(plugin->get_object(), "sha1");
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
