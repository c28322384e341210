#include "leaf/verdict.h"

#include <limits>

#include "json/fields.h"

namespace eh::host {
namespace {

// The nearest that there is of a foreign file's number.
template <class Integer>
std::optional<Integer> nearest(const JsonFields& in, std::string_view key) {
  using Limits = std::numeric_limits<Integer>;
  const auto number = in.find<double>(key);
  if (!number) return {};
  if (*number >= static_cast<double>(Limits::max())) return Limits::max();
  if (*number <= static_cast<double>(Limits::min())) return Limits::min();
  return static_cast<Integer>(*number);
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
    const JsonFields& plugin) {
  if (!plugin.has("libraries")) return {};
  std::map<std::string, std::string> out;
  for (const auto& entry : plugin.list("libraries")) {
    if (!entry.is_object()) return {};
    const JsonFields library(entry.get_object());
    const auto path = library.text("path");
    auto& build = out[path.substr(path.find_last_of('/') + 1)];
    for (const auto* kind : {"file", "sha1", "build_id"})
      if (library.has(kind)) build = library.text(kind);
  }
  return out;
}

}  // namespace

std::optional<Verdict> parse_verdict(std::string_view text) {
  const ParsedJson parsed(text);
  const auto in = parsed.fields();
  if (!in) return {};
  const auto status = parse_status(in->text("status"));
  const auto seconds = in->find<double>("seconds");
  if (!status || !seconds) return {};
  Verdict verdict;
  verdict.status = *status;
  verdict.format = nearest<int>(*in, "format").value_or(0);
  verdict.message = in->text("message");
  verdict.exception = in->text("exception");
  verdict.exit_code = nearest<int>(*in, "exit_code");
  verdict.signal = in->text("signal");
  verdict.start = in->text("start");
  verdict.end = in->text("end");
  verdict.seconds = *seconds;
  verdict.attempt = nearest<unsigned>(*in, "attempt").value_or(1);
  if (verdict.attempt == 0 || verdict.attempt > most_attempts)
    verdict.attempt = 1;
  verdict.parameters = object_text(text, "parameters");
  verdict.config = object_text(text, "config");
  verdict.results = object_text(text, "results");
  verdict.host = in->text("host");
  verdict.seed = in->find<std::uint64_t>("seed");
  verdict.salt = in->text("salt");
  verdict.config_hash = in->text("config_hash");
  verdict.run_id = in->text("run");
  if (const auto plugin = in->object("plugin")) {
    verdict.build_id = plugin->text("build_id");
    verdict.hash = plugin->text("sha1");
    verdict.libraries = libraries_of(*plugin);
  }
  return verdict;
}

std::optional<Verdict> parse_original_metadata(std::string_view text) {
  const ParsedJson parsed(text);
  const auto in = parsed.fields();
  if (!in || in->has("status")) return {};
  const auto seconds = in->find<double>("seconds");
  if (!seconds || !in->has("start") || !in->has("end")) return {};
  Verdict verdict;
  verdict.status = Status::ok;
  verdict.start = in->text("start");
  verdict.end = in->text("end");
  verdict.seconds = *seconds;
  return verdict;
}

}  // namespace eh::host
