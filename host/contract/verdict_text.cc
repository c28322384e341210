#include "contract/verdict_text.h"

#include "json/write.h"

namespace eh::host {
namespace {

// A message is for people: one of a megabyte helps nobody.
std::string shortened(const std::string& message) {
  constexpr std::size_t most = 16 * 1024;
  if (message.size() <= most) return message;
  return message.substr(0, most) + "... (" +
         std::to_string(message.size() - most) + " bytes more)";
}

std::string list_of(const std::vector<std::string>& texts) {
  JsonArray out;
  for (const auto& text : texts) append_json_string(out.next(), text);
  return out.str();
}

}  // namespace

std::string verdict_text(const VerdictText& verdict) {
  JsonObject out;
  const auto text = [&](const char* key, const std::string& value) {
    if (!value.empty()) out.text(key, value);
  };
  out.integer("format", 1).text("status", status_name(verdict.status));
  text("message", shortened(verdict.message));
  text("exception", verdict.exception);
  text("signal", verdict.signal);
  if (verdict.exit_code) out.integer("exit_code", *verdict.exit_code);
  if (!verdict.backtrace.empty())
    out.raw("backtrace", list_of(verdict.backtrace));
  text("start", verdict.start);
  text("end", verdict.end);
  out.number("seconds", verdict.seconds);
  if (verdict.cpu_seconds) out.number("cpu_seconds", *verdict.cpu_seconds);
  if (verdict.peak_memory)
    out.natural("peak_memory_bytes", *verdict.peak_memory);
  if (!verdict.results.empty()) out.raw("results", verdict.results);
  out.members(verdict.members);
  return out.str() + '\n';
}

}  // namespace eh::host
