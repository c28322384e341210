// The code of duration.hpp.
#ifndef EH_DETAIL_CODE_DURATION_HPP
#define EH_DETAIL_CODE_DURATION_HPP

#include <eh/detail/duration.hpp>

namespace eh EH_HIDDEN {
namespace detail {

EH_CODE void append_decimal(std::string& out, double value) {
  char buffer[400];
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value,
                                   std::chars_format::fixed)
                         .ptr);
}

EH_CODE void append_digits(std::string& out, Wide number) {
  if (number >= 10) append_digits(out, number / 10);
  out += static_cast<char>('0' + static_cast<int>(number % 10));
}

EH_CODE std::optional<Decimal> parse_decimal(std::string_view text) {
  Decimal number;
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  bool behind_point = false, any = false;
  for (; !text.empty() && text.front() != 'e'; text.remove_prefix(1)) {
    const char c = text.front();
    if (c == '.' && !behind_point) {
      behind_point = true;
      continue;
    }
    if (c < '0' || c > '9' ||
        __builtin_mul_overflow(number.digits, 10, &number.digits))
      return std::nullopt;
    number.digits += c - '0';
    number.power -= behind_point ? 1 : 0;
    any = true;
  }
  if (!any) return std::nullopt;
  if (!text.empty()) {
    text.remove_prefix(1);
    if (!text.empty() && text.front() == '+') text.remove_prefix(1);
    int power = 0;
    const char* end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, power);
    if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
    if (power < -1000 || power > 1000) return std::nullopt;
    number.power += power;
  }
  if (negative) number.digits = -number.digits;
  return number;
}

EH_CODE std::optional<Wide> whole_ticks(Decimal seconds, std::intmax_t num,
                                        std::intmax_t den) {
  Wide above = seconds.digits, below = num;
  if (__builtin_mul_overflow(above, static_cast<Wide>(den), &above))
    return std::nullopt;
  for (int power = seconds.power; power != 0; power += power < 0 ? 1 : -1)
    if (above != 0 && (power < 0 ? __builtin_mul_overflow(below, 10, &below)
                                 : __builtin_mul_overflow(above, 10, &above)))
      return std::nullopt;
  const Wide half = above < 0 ? -(below / 2) : below / 2;
  const Wide ticks = (above + half) / below;
  const double error = static_cast<double>(above - ticks * below);
  const double size = std::abs(static_cast<double>(ticks)) + 1;
  if (std::abs(error / static_cast<double>(below)) > 1e-6 + 1e-15 * size)
    return std::nullopt;
  return ticks;
}

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_CODE_DURATION_HPP
