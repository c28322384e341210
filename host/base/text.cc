#include "base/text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>

#include "base/error.h"
#include "base/hex.h"
#include "base/utf8.h"

namespace eh::host {

std::string errno_text(int error) {
  return std::strerror(error);
}

std::optional<std::vector<DurationPart>> duration_parts(std::string_view text) {
  static constexpr std::pair<std::string_view, DurationPart> units[] = {
      {"ms", {{}, 1, -3}},  {"s", {}},
      {"sec", {}},          {"m", {{}, 60, 0}},
      {"min", {{}, 60, 0}}, {"h", {{}, 3600, 0}},
      {"d", {{}, 86400, 0}}};
  std::vector<DurationPart> out;
  while (!text.empty()) {
    const auto digits =
        std::min(text.find_first_not_of("0123456789."), text.size());
    const auto number = text.substr(0, digits);
    if (number.find_first_not_of('.') == number.npos ||
        std::count(number.begin(), number.end(), '.') > 1)
      return {};
    text.remove_prefix(digits);
    std::size_t letters = 0;
    while (letters < text.size() && text[letters] >= 'a' &&
           text[letters] <= 'z')
      ++letters;
    const auto name = text.substr(0, letters);
    text.remove_prefix(letters);
    const auto unit = std::find_if(std::begin(units), std::end(units),
                                   [&](auto& u) { return u.first == name; });
    const bool plain_number = name.empty() && text.empty() && out.empty();
    if (unit == std::end(units) && !plain_number) return {};
    out.push_back(plain_number ? DurationPart{} : unit->second);
    out.back().number = number;
  }
  if (out.empty()) return {};
  return out;
}

std::optional<double> parse_duration(std::string_view text) {
  const auto parts = duration_parts(text);
  if (!parts) return {};
  double total = 0;
  for (const auto& [number, seconds, power] : *parts) {
    double value = 0;
    const auto result =
        std::from_chars(number.data(), number.data() + number.size(), value,
                        std::chars_format::fixed);
    if (result.ec != std::errc{}) return {};
    total += value * (power < 0 ? 1e-3 : seconds);
  }
  if (!std::isfinite(total)) return {};
  return total;
}

std::string seconds_text(double seconds) {
  char buffer[400];  // the longest are written without an exponent, too
  return std::string(buffer, std::to_chars(buffer, buffer + sizeof buffer,
                                           seconds, std::chars_format::fixed)
                                 .ptr) +
         's';
}

std::string duration_text(double seconds) {
  char out[64];
  const auto whole = static_cast<long long>(std::llround(seconds));
  if (seconds < 9.995)
    std::snprintf(out, sizeof out, "%.2fs", std::max(seconds, 0.0));
  else if (seconds < 59.95)
    std::snprintf(out, sizeof out, "%.1fs", seconds);
  else if (whole < 3600)
    std::snprintf(out, sizeof out, "%lldm %02llds", whole / 60, whole % 60);
  else if (whole < 86400)
    std::snprintf(out, sizeof out, "%lldh %02lldm", whole / 3600,
                  whole / 60 % 60);
  else
    std::snprintf(out, sizeof out, "%lldd %02lldh", whole / 86400,
                  whole / 3600 % 24);
  return out;
}

std::string grouped(std::size_t n) {
  std::string digits = std::to_string(n);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

std::string count_text(std::size_t n, std::string_view singular,
                       std::string_view plural) {
  std::string out = grouped(n) + ' ';
  if (n == 1) return out.append(singular);
  if (!plural.empty()) return out.append(plural);
  return out.append(singular) + 's';
}

namespace {

// Optimal string alignment distance (insert, delete, replace, swap of two
// neighbours), cut off above `limit`.
std::size_t edit_distance(std::string_view a, std::string_view b,
                          std::size_t limit) {
  if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) > limit)
    return limit + 1;
  const std::size_t width = b.size() + 1;
  std::vector<std::size_t> before(width), last(width), row(width);
  for (std::size_t j = 0; j < width; ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    std::size_t best = i;
    for (std::size_t j = 1; j < width; ++j) {
      row[j] = std::min(
          {last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
      best = std::min(best, row[j]);
    }
    if (best > limit) return limit + 1;
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

}  // namespace

std::vector<std::string> near_names(std::string_view name,
                                    const std::vector<std::string>& candidates,
                                    std::size_t most) {
  const std::size_t limit = std::max<std::size_t>(1, name.size() / 4 + 1);
  std::vector<std::pair<std::size_t, const std::string*>> found;
  for (const auto& candidate : candidates) {
    std::size_t distance = edit_distance(name, candidate, limit);
    // A part of the name is what people often remember.
    if (distance > limit && name.size() >= 3 &&
        candidate.find(name) != std::string::npos)
      distance = limit;
    if (distance <= limit) found.emplace_back(distance, &candidate);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](auto& a, auto& b) { return a.first < b.first; });
  std::vector<std::string> out;
  for (const auto& entry : found) {
    if (out.size() == most) break;
    if (std::find(out.begin(), out.end(), *entry.second) == out.end())
      out.push_back(*entry.second);
  }
  return out;
}

std::string did_you_mean(std::string_view name,
                         const std::vector<std::string>& candidates) {
  const auto near = near_names(name, candidates);
  if (near.empty()) return {};
  std::string out = ", did you mean ";
  for (std::size_t i = 0; i < near.size(); ++i)
    out += (i == 0 ? "'" : " or '") + near[i] + '\'';
  return out + '?';
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const auto at = text.find(separator);
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::optional<std::vector<std::string>> shell_words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    // Between double quotes a backslash is itself but before these.
    if (c == '\\' && quote != '\'' && i + 1 < text.size() &&
        (!quote || std::string_view("\"\\$`").find(text[i + 1]) !=
                       std::string_view::npos)) {
      word += text[++i];
      in_word = true;
    } else if (quote ? c == quote : (c == '\'' || c == '"')) {
      quote = quote ? 0 : c;
      in_word = true;
    } else if (!quote && (c == ' ' || c == '\t' || c == '\n')) {
      if (in_word) words.push_back(std::move(word));
      word.clear();
      in_word = false;
    } else {
      word += c;
      in_word = true;
    }
  }
  if (quote) return {};
  if (in_word) words.push_back(std::move(word));
  return words;
}

std::string shell_quoted(std::string_view word) {
  static constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
      "%+,-./:=@_";
  if (!word.empty() && word.find_first_not_of(plain) == word.npos)
    return std::string(word);
  std::string out = "'";
  for (const char c : word) {
    if (c == '\'')
      out += "'\\''";
    else
      out += c;
  }
  return out + '\'';
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

bool is_deceptive(std::uint32_t code) {
  struct Range {
    std::uint32_t first, last;
  };
  static constexpr Range ranges[] = {
      {0x00, 0x1F},       // C0
      {0x7F, 0x9F},       // DEL and C1
      {0xAD, 0xAD},       // soft hyphen
      {0x61C, 0x61C},     // Arabic letter mark
      {0x180E, 0x180E},   // Mongolian vowel separator
      {0x200B, 0x200B},   // zero width space
      {0x200E, 0x200F},   // left-to-right and right-to-left marks
      {0x2028, 0x202E},   // ends of lines and paragraphs, embeddings, overrides
      {0x2060, 0x206F},   // word joiner, isolates and other formats
      {0xFEFF, 0xFEFF},   // byte order mark
      {0xFFF9, 0xFFFB},   // interlinear annotations
      {0xE0000, 0xE007F}  // tags
  };
  return std::any_of(std::begin(ranges), std::end(ranges), [&](auto& range) {
    return range.first <= code && code <= range.last;
  });
}

namespace {

// The code of a whole character.
std::uint32_t code_of(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return first;
  auto code = first & (0x7Fu >> character.size());
  for (const char c : character.substr(1))
    code = code << 6 | (static_cast<unsigned char>(c) & 0x3F);
  return code;
}

// The length of "\x1b[1;31m" at the start of `text`; 0 if it is none.
std::size_t colour_length(std::string_view text) {
  if (!text.starts_with("\x1b[")) return 0;
  const auto end = text.find_first_not_of("0123456789;", 2);
  return end != text.npos && text[end] == 'm' ? end + 1 : 0;
}

void append_printable(std::string& out, std::string_view character) {
  const auto length = utf8_length(character);
  const auto code = length > 0 ? code_of(character) : 0;
  if (length > 0 && !is_deceptive(code))
    out += character;
  else if (length < 2)
    append_hex_byte(out += "\\x", static_cast<unsigned char>(character[0]));
  else if (code <= 0xFFFF)
    append_hex(out += "\\u", code, 4);
  else
    for (const auto half : {0xD7C0 + (code >> 10), 0xDC00 + (code & 0x3FF)})
      append_hex(out += "\\u", half, 4);
}

std::string visible(std::string_view text, bool lines, bool colours) {
  std::string out;
  while (!text.empty()) {
    // Mostly there is nothing to be done.
    std::size_t plain = 0;
    while (plain < text.size() && text[plain] >= 0x20 && text[plain] < 0x7F)
      ++plain;
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    auto length = colours ? colour_length(text) : 0;
    if (length == 0 && lines && text[0] == '\n') length = 1;
    if (length > 0) {
      out += text.substr(0, length);
    } else {
      length = std::max<std::size_t>(1, utf8_length(text));
      append_printable(out, text.substr(0, length));
    }
    text.remove_prefix(length);
  }
  return out;
}

}  // namespace

std::string printable(std::string_view text) {
  return visible(text, false, false);
}

std::string printable_lines(std::string_view text) {
  return visible(text, true, false);
}

std::string printable_output(std::string_view text) {
  return visible(text, true, true);
}

std::string_view beginning(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  // Not within a character.
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80)
    --most;
  return text.substr(0, most);
}

std::uint64_t stable_hash(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9;
  hash = (hash ^ (hash >> 27)) * 0x94d049bb133111eb;
  return hash ^ (hash >> 31);
}

}  // namespace eh::host
