#include "json/members.h"

#include <charconv>
#include <limits>

#include "base/utf8.h"

namespace eh::host {
namespace {

constexpr std::string_view blank = " \t\r\n";

// Takes an escape; what is none, or half a character, is unknown.
std::uint32_t take_unicode(std::string_view& text) {
  constexpr std::uint32_t unknown = 0xFFFD;
  const auto escape = unicode_escape(text);
  text.remove_prefix(escape ? escape->length : 2);
  return escape && is_character(escape->code) ? escape->code : unknown;
}

}  // namespace

JsonMembers::JsonMembers(std::string_view text) : rest_(text) {
  skip_space();
  if (!accept('{')) rest_ = {};
}

void JsonMembers::skip_space() {
  rest_.remove_prefix(std::min(rest_.find_first_not_of(blank), rest_.size()));
}

bool JsonMembers::accept(char c) {
  if (!rest_.starts_with(c)) return false;
  rest_.remove_prefix(1);
  skip_space();
  return true;
}

// The string that begins here, with its quotes; "" if there is none.
std::string_view JsonMembers::take_string() {
  if (!rest_.starts_with('"')) return {};
  for (std::size_t i = 1; i < rest_.size(); ++i) {
    if (rest_[i] == '\\') {
      ++i;
    } else if (rest_[i] == '"') {
      const auto string = rest_.substr(0, i + 1);
      rest_.remove_prefix(i + 1);
      return string;
    }
  }
  return {};
}

std::string_view JsonMembers::take_value() {
  const auto from = rest_;
  int depth = 0;
  while (!rest_.empty()) {
    const char c = rest_.front();
    if (c == '"') {
      const bool begins = rest_.size() == from.size();
      if ((depth == 0 && !begins) || take_string().empty()) return {};
      continue;
    }
    if (depth == 0 && (c == ',' || c == '}')) break;
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth < 0) return {};
    rest_.remove_prefix(1);
  }
  const auto value = from.substr(0, from.size() - rest_.size());
  const auto last = value.find_last_not_of(blank);
  return value.substr(0, last == value.npos ? 0 : last + 1);
}

bool JsonMembers::next() {
  if (accept('}')) {
    good_ = rest_.empty();
    rest_ = {};
    return false;
  }
  const bool begins = first_ || accept(',');
  first_ = false;
  const auto key = begins ? take_string() : std::string_view();
  skip_space();
  value_ = !key.empty() && accept(':') ? take_value() : std::string_view();
  if (value_.empty()) {
    rest_ = {};
    return false;
  }
  key_ = json_characters(key);
  return true;
}

std::string json_characters(std::string_view string) {
  if (string.size() < 2) return {};
  auto text = string.substr(1, string.size() - 2);
  if (text.find('\\') == text.npos) return std::string(text);
  std::string out;
  while (!text.empty()) {
    const auto plain = std::min(text.find('\\'), text.size());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.size() < 2) break;
    const char c = text[1];
    if (c == 'u') {
      append_utf8(out, take_unicode(text));
      continue;
    }
    text.remove_prefix(2);
    constexpr std::string_view escapes = "bfnrt", meant = "\b\f\n\r\t";
    const auto at = escapes.find(c);
    out += at != escapes.npos ? meant[at] : c;
  }
  return out;
}

std::optional<double> json_real(std::string_view json) {
  using Limits = std::numeric_limits<double>;
  if (json == "\"nan\"") return Limits::quiet_NaN();
  if (json == "\"inf\"") return Limits::infinity();
  if (json == "\"-inf\"") return -Limits::infinity();
  if (json.empty() || (json[0] != '-' && (json[0] < '0' || json[0] > '9')))
    return {};
  double value = 0;
  const auto* end = json.data() + json.size();
  const auto read = std::from_chars(json.data(), end, value);
  if (read.ptr != end) return {};
  if (read.ec == std::errc::result_out_of_range)
    return json.find("e-") == json.npos && json.find("E-") == json.npos
               ? (json[0] == '-' ? -Limits::infinity() : Limits::infinity())
               : 0.0;
  return value;
}

}  // namespace eh::host
