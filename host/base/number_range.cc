#include "base/number_range.h"

#include <algorithm>
#include <cstdlib>

#include "base/text.h"

namespace eh::host {
namespace {

constexpr std::string_view decimal_digits = "0123456789";
constexpr std::size_t most_digits = 18;  // fit into 64 bits
using Patterns = std::vector<std::string>;

// "[2-5]", or the digit alone.
std::string one_of(char first, char last) {
  if (first == last) return {first};
  return std::string("[") + first + '-' + last + ']';
}

// The numbers from `first` to `last`, which have the same width.
void add_between(const std::string& head, std::string_view first,
                 std::string_view last, Patterns& out) {
  if (first.empty()) return out.push_back(head);
  const auto more = first.size() - 1;
  const std::string low(more, '0'), high(more, '9');
  const auto behind = [](std::string_view number) { return number.substr(1); };
  char from = first[0], to = last[0];
  if (from == to)
    return add_between(head + from, behind(first), behind(last), out);
  if (behind(first) != low)
    add_between(head + from++, behind(first), high, out);
  const bool is_cut = behind(last) != high;
  if (is_cut) --to;
  if (from <= to) {
    auto any = head + one_of(from, to);
    for (std::size_t i = 0; i < more; ++i) any += "[0-9]";
    out.push_back(std::move(any));
  }
  if (is_cut) add_between(head + last[0], low, behind(last), out);
}

// The same for numbers that may differ in width, without leading zeros.
void add_naturals(const std::string& head, long long first, long long last,
                  Patterns& out) {
  while (first <= last) {
    const auto text = std::to_string(first);
    const auto end = std::min(last, std::stoll(std::string(text.size(), '9')));
    add_between(head, text, std::to_string(end), out);
    first = end + 1;
  }
}

struct Bound {
  std::string_view text;  // its digits
  bool is_negative = false;
  long long value = 0;

  bool has_zeros() const { return text.size() > 1 && text[0] == '0'; }
};

std::optional<Bound> bound_of(std::string_view text) {
  Bound out;
  out.is_negative = text.starts_with('-');
  if (out.is_negative) text.remove_prefix(1);
  if (text.empty() || text.size() > most_digits ||
      text.find_first_not_of(decimal_digits) != text.npos)
    return {};
  out.text = text;
  const auto value = parse_number<long long>(text).value_or(0);
  out.value = out.is_negative ? -value : value;
  return out;
}

std::string widened(const Bound& bound, std::size_t width) {
  return std::string(width - bound.text.size(), '0').append(bound.text);
}

// "1-5,10-20" as "{1..5,10..20}"; "" if it is not a list of numbers, or all of
// these have a single digit, so that the set takes them.
std::string meant_by(std::string_view set) {
  std::string out;
  bool is_long = false;
  for (const auto& part : split(set, ',')) {
    const auto ends = split(part, '-');
    if (ends.size() > 2) return {};
    for (const auto& end : ends) {
      if (end.empty() || end.find_first_not_of(decimal_digits) != end.npos)
        return {};
      is_long = is_long || end.size() > 1;
    }
    out += (out.empty() ? "" : ",") + ends[0] +
           (ends.size() > 1 ? ".." + ends[1] : "");
  }
  const bool has_range = out.find("..") != out.npos;
  const bool is_list = out.find(',') != out.npos;
  return is_long && (has_range || is_list) ? '{' + out + '}' : std::string();
}

}  // namespace

std::optional<Patterns> number_range(std::string_view text) {
  const auto dots = text.find("..");
  if (dots == text.npos) return {};
  auto first = bound_of(text.substr(0, dots));
  auto last = bound_of(text.substr(dots + 2));
  if (!first || !last) return {};
  if (first->value > last->value) std::swap(first, last);
  Patterns out;
  if (first->has_zeros() || last->has_zeros()) {
    if (first->is_negative || last->is_negative) return {};
    const auto width = std::max(first->text.size(), last->text.size());
    add_between({}, widened(*first, width), widened(*last, width), out);
    return out;
  }
  if (first->value < 0)
    add_naturals("-", std::max(1LL, -last->value), -first->value, out);
  if (last->value >= 0)
    add_naturals({}, std::max(0LL, first->value), last->value, out);
  return out;
}

std::string range_hint(std::string_view pattern) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\') {
      ++i;
    } else if (pattern[i] == '[') {
      const auto end = pattern.find(']', i);
      if (end == pattern.npos) return {};
      const auto meant = meant_by(pattern.substr(i + 1, end - i - 1));
      if (!meant.empty())
        return '\'' + std::string(pattern.substr(i, end - i + 1)) +
               "' takes one character, not a number (write '" + meant + "')";
      i = end;
    }
  }
  return {};
}

}  // namespace eh::host
