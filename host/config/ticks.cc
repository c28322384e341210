#include "config/ticks.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include "base/text.h"

namespace eh::host {
namespace {

struct Decimal {
  Int128 digits = 0;
  int power = 0;
};

// Raises `number` to a lower power of ten; false if it has no room.
bool lower(Decimal& number, int power) {
  if (number.digits == 0) number.power = power;
  for (; number.power > power; --number.power)
    if (__builtin_mul_overflow(number.digits, 10, &number.digits)) return false;
  return true;
}

// "12.5"; digits that are beyond all ticks are left out.
std::optional<Decimal> decimal_of(std::string_view text) {
  constexpr Int128 enough =
      static_cast<Int128>(10'000'000'000'000) * 10'000'000'000'000;  // 10^26
  Decimal out;
  bool behind_point = false;
  for (const char c : text) {
    if (c == '.') {
      behind_point = true;
    } else if (!behind_point || out.digits < enough) {
      if (__builtin_mul_overflow(out.digits, 10, &out.digits)) return {};
      out.digits += c - '0';
      out.power -= behind_point ? 1 : 0;
    }
  }
  return out;
}

std::optional<Decimal> seconds_of(std::string_view duration) {
  const auto parts = duration_parts(duration);
  if (!parts) return {};
  Decimal total;
  for (const auto& part : *parts) {
    auto number = decimal_of(part.number);
    if (!number ||
        __builtin_mul_overflow(number->digits, part.seconds, &number->digits))
      return {};
    number->power += part.power;
    const auto power = std::min(total.power, number->power);
    if (!lower(total, power) || !lower(*number, power) ||
        __builtin_add_overflow(total.digits, number->digits, &total.digits))
      return {};
  }
  return total;
}

std::string decimal_text(Decimal number) {
  const std::string sign = number.digits < 0 ? "-" : "";
  if (number.digits < 0) number.digits = -number.digits;
  for (; number.power < 0 && number.digits % 10 == 0; ++number.power)
    number.digits /= 10;
  auto out = wide_text(number.digits);
  if (number.digits == 0) return out;
  if (number.power >= 0)
    return sign + out +
           std::string(static_cast<std::size_t>(number.power), '0');
  const auto places = static_cast<std::size_t>(-number.power);
  if (out.size() <= places) out.insert(0, places + 1 - out.size(), '0');
  return sign + out.insert(out.size() - places, ".");
}

}  // namespace

ConfigTick::ConfigTick(std::string_view text) {
  const auto e = std::min(text.find_first_of("eE"), text.size());
  const auto number = text.substr(0, e);
  const auto* end = text.data() + text.size();
  int power = 0;
  bool good = number.find_first_not_of("0123456789.") == number.npos;
  if (e < text.size()) {
    const auto* from = text.data() + e + 1;
    if (from < end && *from == '+') ++from;
    const auto result = std::from_chars(from, end, power);
    good = good && result.ec == std::errc{} && result.ptr == end;
  }
  const auto value = good ? decimal_of(number) : std::optional<Decimal>();
  if (!value || value->digits == 0 || power < -30 || power > 30)
    throw std::runtime_error("'" + std::string(text) +
                             "' is not a tick of a duration");
  digits_ = value->digits;
  power_ = value->power + power;
  for (; digits_ % 10 == 0; digits_ /= 10) ++power_;
}

std::optional<ConfigTick::Count> ConfigTick::count(
    std::string_view duration) const {
  const bool negative = duration.starts_with('-');
  if (negative) duration.remove_prefix(1);
  auto above = seconds_of(duration);
  Decimal below{digits_, power_};
  const auto power = above ? std::min(above->power, below.power) : 0;
  if (!above || !lower(*above, power) || !lower(below, power)) return {};
  Count out;
  out.ticks = (above->digits + below.digits / 2) / below.digits;
  const auto error =
      static_cast<double>(above->digits - out.ticks * below.digits) /
      static_cast<double>(below.digits);
  // As much as the SDK allows.
  out.whole =
      std::abs(error) <= 1e-6 + 1e-15 * (static_cast<double>(out.ticks) + 1);
  if (negative) out.ticks = -out.ticks;
  return out;
}

std::optional<std::string> ConfigTick::exact_text(Int128 ticks) const {
  constexpr Int128 longest = 1'000'000'000'000'000;
  Decimal seconds{0, power_};
  if (digits_ >= longest ||
      __builtin_mul_overflow(ticks, digits_, &seconds.digits))
    return {};
  return decimal_text(seconds) + 's';
}

std::string ConfigTick::text_of(Int128 ticks) const {
  if (auto exact = exact_text(ticks)) return *exact;
  return seconds_text(static_cast<double>(ticks) *
                      static_cast<double>(digits_) * std::pow(10.0, power_));
}

}  // namespace eh::host
