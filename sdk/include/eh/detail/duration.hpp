// Durations as the configuration has them: seconds in decimal with an 's', such
// as "0.5s". What counts whole ticks is written and read without rounding.
#ifndef EH_DETAIL_DURATION_HPP
#define EH_DETAIL_DURATION_HPP

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <eh/detail/config.hpp>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>

namespace eh EH_HIDDEN {
namespace detail {

/// Holds the seconds of any number of 64 bits of any ticks.
__extension__ typedef __int128 Wide;

template <class T>
inline constexpr bool is_duration = false;
template <class R, class P>
inline constexpr bool is_duration<std::chrono::duration<R, P>> =
    std::is_arithmetic_v<R>;

template <class D>
inline constexpr bool has_ticks = std::is_integral_v<typename D::rep>;

/// The seconds of a tick.
template <class D>
inline constexpr double tick_seconds = static_cast<double>(D::period::num) /
                                       static_cast<double>(D::period::den);

/// "0.000000001": what hosts read has no exponent.
EH_CODE void append_decimal(std::string& out, double value);

constexpr bool is_power_of_ten(std::intmax_t number) {
  while (number % 10 == 0) number /= 10;
  return number == 1;
}

EH_CODE void append_digits(std::string& out, Wide number);

/// Throws std::runtime_error for what is not finite.
template <class D>
void append_duration(std::string& out, D value) {
  if constexpr (has_ticks<D> && is_power_of_ten(D::period::den)) {
    Wide ticks = static_cast<Wide>(value.count()) * D::period::num;
    if (ticks < 0) {
      out += '-';
      ticks = -ticks;
    }
    append_digits(out, ticks / D::period::den);
    Wide rest = ticks % D::period::den;
    if (rest > 0) out += '.';
    for (; rest > 0; rest %= D::period::den) {
      rest *= 10;
      out += static_cast<char>('0' + static_cast<int>(rest / D::period::den));
    }
  } else {
    const double seconds =
        std::chrono::duration_cast<std::chrono::duration<double>>(value)
            .count();
    if (!std::isfinite(seconds))
      throw std::runtime_error("a duration has to be finite");
    append_decimal(out, seconds);
  }
  out += 's';
}

/// "12.5" and "1.25e1" as digits and the power of ten they are to be multiplied
/// with; nothing if it is not a number or has too many digits.
struct Decimal {
  Wide digits = 0;
  int power = 0;
};

EH_CODE std::optional<Decimal> parse_decimal(std::string_view text);

/// The whole number of ticks, `den` / `num` in a second, that a decimal number
/// of seconds is, but for the rounding of who wrote it.
EH_CODE std::optional<Wide> whole_ticks(Decimal seconds, std::intmax_t num,
                                        std::intmax_t den);

/// Nothing if the text is not a duration or D cannot hold it.
template <class D>
std::optional<D> parse_duration(std::string_view text) {
  using Rep = typename D::rep;
  if (text.empty() || text.back() != 's') return std::nullopt;
  text.remove_suffix(1);
  if constexpr (has_ticks<D>) {
    const std::optional<Decimal> seconds = parse_decimal(text);
    if (!seconds) return std::nullopt;
    const std::optional<Wide> ticks =
        whole_ticks(*seconds, D::period::num, D::period::den);
    if (!ticks || *ticks < std::numeric_limits<Rep>::min() ||
        *ticks > std::numeric_limits<Rep>::max())
      return std::nullopt;
    return D(static_cast<Rep>(*ticks));
  } else {
    double seconds = 0;
    const char* end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, seconds);
    if (result.ec != std::errc() || result.ptr != end ||
        !std::isfinite(seconds))
      return std::nullopt;
    return std::chrono::duration_cast<D>(
        std::chrono::duration<double>(seconds));
  }
}

}  // namespace detail
}  // namespace EH_HIDDEN

#if EH_DETAIL_CODE_HERE
#include <eh/detail/code/duration.hpp>
#endif

#endif  // EH_DETAIL_DURATION_HPP
