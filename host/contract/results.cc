#include "contract/results.h"

#include <algorithm>
#include <map>
#include <vector>

#include "base/utf8.h"
#include "json/number.h"
#include "json/write.h"

namespace eh::host {
namespace {

// The bytes of the escape at the start of `text`; 0 if it is none. Half a pair
// of surrogates is none: a verdict that has one is not a verdict.
std::size_t escape_length(std::string_view text) {
  if (text.size() < 2) return 0;
  if (text[1] != 'u')
    return std::string_view("\"\\/bfnrt").find(text[1]) == text.npos ? 0 : 2;
  const auto escape = unicode_escape(text);
  return escape && is_character(escape->code) ? escape->length : 0;
}

// The bytes of the JSON string at the start of `text`; 0 if it is none.
std::size_t string_length(std::string_view text) {
  if (!text.starts_with('"')) return 0;
  for (std::size_t i = 1; i < text.size();) {
    const char c = text[i];
    if (c == '"') return is_utf8(text.substr(0, i)) ? i + 1 : 0;
    if (static_cast<unsigned char>(c) < 0x20) return 0;
    const auto length = c == '\\' ? escape_length(text.substr(i)) : 1;
    if (length == 0) return 0;
    i += length;
  }
  return 0;
}

// What reads a verdict stops at an exponent of many digits; a double needs
// three.
bool is_number(std::string_view text) {
  constexpr std::size_t most = 4;
  const auto exponent = std::min(text.find_first_of("eE"), text.size());
  const auto sign = text.substr(exponent).find_first_of("+-") == 1 ? 2u : 1u;
  return is_json_number(text) && text.size() <= exponent + sign + most;
}

}  // namespace

bool is_json_scalar(std::string_view text) {
  if (text == "true" || text == "false") return true;
  if (text.starts_with('"')) return string_length(text) == text.size();
  return is_number(text);
}

std::string result_line(std::string_view name, std::string_view json) {
  std::string line;
  append_json_string(line, name);
  line += ':';
  line += json;
  line += '\n';
  return line;
}

std::string results_object(std::string_view lines) {
  std::vector<std::pair<std::string_view, std::string_view>> members;
  std::map<std::string_view, std::size_t> places;
  while (!lines.empty()) {
    const auto end = lines.find('\n');
    if (end == lines.npos) break;
    const auto line = lines.substr(0, end);
    lines.remove_prefix(end + 1);
    const auto length = string_length(line);
    if (length == 0 || !line.substr(length).starts_with(':')) continue;
    const auto name = line.substr(0, length);
    const auto value = line.substr(length + 1);
    if (!is_json_scalar(value)) continue;
    const auto [place, added] = places.try_emplace(name, members.size());
    if (added)
      members.emplace_back(name, value);
    else
      members[place->second].second = value;
  }
  if (members.empty()) return {};
  std::string out;
  for (const auto& [name, value] : members) {
    out += out.empty() ? '{' : ',';
    out += name;
    out += ':';
    out += value;
  }
  return out + '}';
}

}  // namespace eh::host
