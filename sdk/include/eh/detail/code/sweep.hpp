// The code of sweep.hpp.
#ifndef EH_DETAIL_CODE_SWEEP_HPP
#define EH_DETAIL_CODE_SWEEP_HPP

#include <charconv>
#include <cstdio>
#include <eh/sweep.hpp>
#include <stdexcept>

namespace eh EH_HIDDEN {
namespace detail {

EH_CODE double meant(long double computed, long double scale,
                     long double error) {
  const auto value = static_cast<double>(computed);
  if (!std::isfinite(value) || !std::isfinite(scale) || scale <= 0)
    return value;
  const int places = 12 - static_cast<int>(std::ceil(std::log10(scale)));
  char text[700];
  const auto end =
      std::to_chars(text, text + sizeof text, value, std::chars_format::fixed,
                    std::clamp(places, 0, 340));
  double near = value;
  std::from_chars(text, end.ptr, near);
  if (std::abs(near - value) > error) return value;
  return near == 0 ? 0 : near;  // never -0
}

EH_CODE int parse_day(std::string_view text) {
  Date date{};
  bool good = text.size() == 10 && text[4] == '-' && text[7] == '-';
  for (std::size_t i = 0; good && i < text.size(); ++i) {
    if (i == 4 || i == 7) continue;
    good = text[i] >= '0' && text[i] <= '9';
    int& part = i < 4 ? date.year : i < 7 ? date.month : date.day;
    part = part * 10 + (text[i] - '0');
  }
  const int days = days_from_civil(date.year, date.month, date.day);
  const Date same = civil_from_days(days);
  if (!good || same.year != date.year || same.month != date.month ||
      same.day != date.day)
    throw std::invalid_argument("cannot read the day '" + std::string(text) +
                                "': it is not a date like 2022-07-01");
  return days;
}

}  // namespace detail

EH_CODE std::vector<std::string> days(std::string_view first,
                                      std::string_view last) {
  std::vector<std::string> all;
  const int end = detail::parse_day(last);
  for (int day = detail::parse_day(first); day <= end; ++day) {
    const detail::Date date = detail::civil_from_days(day);
    char text[40];
    std::snprintf(text, sizeof text, "%04d-%02d-%02d", date.year, date.month,
                  date.day);
    all.emplace_back(text);
  }
  return all;
}

}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_CODE_SWEEP_HPP
