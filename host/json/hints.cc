#include "json/hints.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "base/text.h"
#include "json/number.h"
#include "json/write.h"

namespace eh::host {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view brief(std::string_view text, std::string_view& more) {
  constexpr std::size_t most = 40;
  if (text.size() <= most) return text;
  more = "...";
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
    --end;
  return text.substr(0, end);
}

// How a text is written in JSON, cut where it is long.
std::string json_briefly(std::string_view text) {
  std::string_view more;
  const auto shown = brief(text, more);
  return json_string(std::string(shown) + std::string(more));
}

// The same of what can be a secret.
std::string json_of_value(std::string_view text) {
  return is_short(text) ? json_string(text) : "\"...\"";
}

// The JSON number that `word` means in another notation; "" if it is none.
std::string as_number(std::string_view word) {
  std::string out;
  if (word.starts_with('+')) word.remove_prefix(1);
  if (word.starts_with('-')) {
    out = "-";
    word.remove_prefix(1);
  }
  if (word.starts_with("0x") || word.starts_with("0X")) {
    std::uint64_t value = 0;
    const auto end = word.data() + word.size();
    const auto read = std::from_chars(word.data() + 2, end, value, 16);
    if (read.ec != std::errc{} || read.ptr != end) return {};
    return out + std::to_string(value);
  }
  std::string plain(word);
  std::erase_if(plain, [](char c) { return c == '_' || c == '\''; });
  if (std::none_of(plain.begin(), plain.end(), is_digit)) return {};
  const auto zeros = std::min(plain.find_first_not_of('0'), plain.size());
  plain.erase(0, zeros);
  if (!is_digit(plain[0]) && (zeros > 0 || plain[0] == '.')) out += '0';
  out += plain;
  if (out.back() == '.') out += '0';
  return is_json_number(out) ? out : std::string();
}

// "nan", "inf" or "-inf" if `word` means a number that is not finite.
std::string as_not_finite(std::string word) {
  std::string sign;
  if (word.starts_with('+') || word.starts_with('-')) {
    if (word[0] == '-') sign = "-";
    word.erase(0, 1);
  }
  if (word == "nan") return word;
  if (word == "inf" || word == "infinity") return sign + "inf";
  return {};
}

std::string lower_case(std::string_view word) {
  std::string out(word);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

// Says that `word` has the wrong quotes, if it has any: single or curly ones.
std::string wrong_quotes(std::string_view word,
                         std::string (*written)(std::string_view)) {
  if (word.starts_with('\'')) {
    word.remove_prefix(1);
    if (word.ends_with('\'')) word.remove_suffix(1);
    return "single quotes do not hold a text in JSON (write " + written(word) +
           ")";
  }
  for (const auto* quote : {"\u2018", "\u2019", "\u201c", "\u201d", "\u201e"})
    if (word.starts_with(quote))
      return std::string("the quote '") + quote + "' is not a straight one" +
             " (write \")";
  return {};
}

}  // namespace

std::string near_miss_value(std::string_view word) {
  if (auto quotes = wrong_quotes(word, json_of_value); !quotes.empty())
    return quotes;
  const auto shown = quoted_briefly(word);
  const auto lower = lower_case(word);
  if (lower == "true" || lower == "false" || lower == "null")
    return shown + " is not in lower case (write " + lower + ")";
  if (lower == "none" || lower == "nil" || lower == "nullptr")
    return shown + " is not a JSON value (write null)";
  if (const auto number = as_not_finite(lower); !number.empty())
    return shown + " is not a JSON number (write \"" + number + "\")";
  if (is_digit(word[0]) || word[0] == '-' || word[0] == '+' || word[0] == '.') {
    if (const auto number = as_number(word); !number.empty())
      return shown + " is not a JSON number (write " + number + ")";
    return (is_short(word) ? shown : "this") + " is not a number (write " +
           json_of_value(word) + " if it is a text)";
  }
  return (is_short(word) ? shown : "this text") + " has no quotes (write " +
         json_of_value(word) + ")";
}

std::string near_miss_key(std::string_view word) {
  if (auto quotes = wrong_quotes(word, json_briefly); !quotes.empty())
    return quotes;
  return "the key " + quoted_briefly(word) + " has no quotes (write " +
         json_briefly(word) + ")";
}

bool is_short(std::string_view text) {
  constexpr std::size_t most = 5;  // "10min"
  const auto inner = [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
  };
  return text.size() - std::count_if(text.begin(), text.end(), inner) <= most;
}

std::string quoted_briefly(std::string_view text) {
  std::string_view more;
  const auto shown = brief(text, more);
  return "'" + printable(shown) + std::string(more) + "'";
}

}  // namespace eh::host
