#include "text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>

#include "error.h"

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

std::string printable(std::string_view text) {
  static constexpr char hex[] = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      out += "\\x";
      out += hex[(c >> 4) & 15];
      out += hex[c & 15];
    } else {
      out += c;
    }
  }
  return out;
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
