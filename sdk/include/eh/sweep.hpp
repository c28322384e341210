// Values to sweep over that are computed when they are asked for, so that a
// long sweep costs nothing until one of its points is run. All of them can
// also be looped over.
#ifndef EH_SWEEP_HPP
#define EH_SWEEP_HPP

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <eh/detail/config.hpp>
#include <iterator>
#include <limits>
#include <ranges>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace eh EH_HIDDEN {
namespace detail {

/// Makes what has size() and operator[] a range.
template <class Source>
class Lazy {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using difference_type = std::ptrdiff_t;
    using value_type = typename Source::value_type;
    using reference = value_type;
    using pointer = void;

    Iterator() = default;
    Iterator(const Source* source, std::uint64_t i) : source_(source), i_(i) {}
    value_type operator*() const { return (*source_)[i_]; }
    Iterator& operator++() {
      ++i_;
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++i_;
      return before;
    }
    bool operator==(const Iterator& other) const { return i_ == other.i_; }

   private:
    const Source* source_ = nullptr;
    std::uint64_t i_ = 0;
  };

  explicit Lazy(Source source) : source_(source) {}
  std::uint64_t size() const { return source_.size; }
  auto operator[](std::uint64_t i) const { return source_[i]; }
  const Source& source() const { return source_; }
  Iterator begin() const { return Iterator(&source_, 0); }
  Iterator end() const { return Iterator(&source_, size()); }

 private:
  Source source_;
};

/// The number of at most 12 digits that a computed one was meant to be, such as
/// 0.3 for 0.30000000000000004, so that it is what its name says; or else the
/// number itself. The digits are those of `scale`, and `error` is how far from
/// it the computed one may be.
EH_CODE double meant(long double computed, long double scale,
                     long double error);

inline constexpr long double rounding = std::numeric_limits<double>::epsilon();

/// Evenly spaced numbers; both ends are among them, exactly.
struct Linear {
  using value_type = double;
  double from, to;
  std::uint64_t size;

  long double step() const {
    return (static_cast<long double>(to) - from) /
           static_cast<long double>(size - 1);
  }

  double operator[](std::uint64_t i) const {
    if (i == 0 || size < 2) return from;
    if (i == size - 1) return to;
    const long double scale = std::max(std::abs(from), std::abs(to));
    // Less than half a step, so that the order remains.
    const auto error = std::min(scale * rounding, std::abs(step()) / 4);
    return meant(from + step() * static_cast<long double>(i), scale, error);
  }
};

/// Powers of `base` with evenly spaced exponents.
struct Power {
  using value_type = double;
  double base;
  Linear exponents;
  std::uint64_t size;

  double operator[](std::uint64_t i) const {
    const auto value = std::pow(static_cast<long double>(base),
                                static_cast<long double>(exponents[i]));
    const auto scale = std::abs(value);
    auto error = scale * rounding * 4;
    if (size > 1)
      error = std::min(error, std::abs(scale * std::log(std::abs(base)) *
                                       exponents.step() / 4));
    return meant(value, scale, error);
  }
};

/// Numbers with evenly spaced logarithms; both ends are met exactly.
struct Geometric {
  using value_type = double;
  double from, to;
  std::uint64_t size;

  double operator[](std::uint64_t i) const {
    if (i == 0 || size < 2) return from;
    if (i == size - 1) return to;
    const auto steps = static_cast<long double>(size - 1);
    const auto ratio = static_cast<long double>(to) / from;
    const auto value =
        from * std::pow(ratio, static_cast<long double>(i) / steps);
    const auto scale = std::abs(value);
    const auto spacing = std::abs(scale * std::log(std::abs(ratio)) / steps);
    return meant(value, scale, std::min(scale * rounding * 4, spacing / 4));
  }
};

struct Integers {
  using value_type = std::int64_t;
  std::int64_t first, step;
  std::uint64_t size;

  std::int64_t operator[](std::uint64_t i) const {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(first) +
                                     static_cast<std::uint64_t>(step) * i);
  }
};

inline std::uint64_t not_negative(long long count) {
  return count > 0 ? static_cast<std::uint64_t>(count) : 0;
}

}  // namespace detail

/// `count` evenly spaced numbers from `from` to `to`, both included. Those that
/// have at most 12 digits are these numbers exactly, as here in all below:
/// linspace(0.1, 0.9, 9) has 0.3, not 0.30000000000000004.
inline auto linspace(double from, double to, long long count) {
  return detail::Lazy(detail::Linear{from, to, detail::not_negative(count)});
}

/// `base` to the power of `count` evenly spaced exponents from `from` to `to`,
/// both included, as in numpy: logspace(-2, 0, 3) is 0.01, 0.1, 1.
inline auto logspace(double from, double to, long long count,
                     double base = 10) {
  const std::uint64_t size = detail::not_negative(count);
  return detail::Lazy(detail::Power{base, {from, to, size}, size});
}

/// `count` numbers from `from` to `to`, both included, each the same multiple
/// of the one before: geomspace(0.01, 1, 3) is 0.01, 0.1, 1.
inline auto geomspace(double from, double to, long long count) {
  return detail::Lazy(detail::Geometric{from, to, detail::not_negative(count)});
}

/// first, first + step, ... up to and without `end`. A step of 0 has no values.
inline auto range(std::int64_t first, std::int64_t end, std::int64_t step = 1) {
  const auto u = [](std::int64_t n) { return static_cast<std::uint64_t>(n); };
  std::uint64_t size = 0;
  if (step > 0 && first < end) size = (u(end) - u(first) - 1) / u(step) + 1;
  if (step < 0 && first > end) size = (u(first) - u(end) - 1) / -u(step) + 1;
  return detail::Lazy(detail::Integers{first, step, size});
}

/// 0, 1, ... up to and without `end`.
inline auto range(std::int64_t end) {
  return range(0, end);
}

namespace detail {

/// Days since 1970-01-01 of a date of the proleptic Gregorian calendar.
/// From Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
constexpr int days_from_civil(int year, int month, int day) {
  year -= month <= 2 ? 1 : 0;
  const int era = (year >= 0 ? year : year - 399) / 400;
  const int of_era = year - era * 400;
  const int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
         719468;
}

struct Date {
  int year, month, day;
};

constexpr Date civil_from_days(int days) {
  days += 719468;
  const int era = (days >= 0 ? days : days - 146096) / 146097;
  const int of_era = days - era * 146097;
  const int year_of_era =
      (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const int of_year =
      of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int shifted = (5 * of_year + 2) / 153;
  const int month = shifted + (shifted < 10 ? 3 : -9);
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month,
          of_year - (153 * shifted + 2) / 5 + 1};
}

EH_CODE int parse_day(std::string_view text);

}  // namespace detail

/// The days from `first` to `last`, both included, as "2022-07-01". Throws
/// std::invalid_argument for what is not a date; none if `last` is the earlier.
EH_CODE std::vector<std::string> days(std::string_view first,
                                      std::string_view last);

}  // namespace EH_HIDDEN

#if EH_DETAIL_CODE_HERE
#include <eh/detail/code/sweep.hpp>
#endif

#endif  // EH_SWEEP_HPP
