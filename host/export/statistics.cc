#include "export/statistics.h"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>

namespace eh::host {

void Sample::add(double value) {
  if (!std::isfinite(value)) {
    ++others_;
    sum_of_others_ += value;
    return;
  }
  ++finite_;
  // What the addition loses is known exactly: D. E. Knuth, "The Art of Computer
  // Programming", volume 2, section 4.2.2, theorem B.
  const double sum = sum_ + value;
  const double added = sum - sum_;
  sum_rest_ += (sum_ - (sum - added)) + (value - added);
  sum_ = sum;
  const double deviation = value - mean_;
  mean_ += deviation / static_cast<double>(finite_);
  squares_ += deviation * (value - mean_);
}

double Sample::mean() const {
  if (others_ > 0) return sum_of_others_;
  if (finite_ == 0) return 0;
  const auto n = static_cast<double>(finite_);
  const double sum = sum_ + sum_rest_;
  if (!std::isfinite(sum)) return mean_;  // too large, which a mean is not
  const double rest = sum_rest_ - (sum - sum_);
  const double quotient = sum / n;
  return quotient + (std::fma(-quotient, n, sum) + rest) / n;
}

std::optional<double> Sample::standard_deviation() const {
  if (count() < 2) return {};
  if (others_ > 0) return std::numeric_limits<double>::quiet_NaN();
  return std::sqrt(squares_ / static_cast<double>(finite_ - 1));
}

std::optional<double> Sample::half_width(double level) const {
  const auto deviation = standard_deviation();
  if (!deviation) return {};
  const auto n = static_cast<double>(count());
  const boost::math::students_t distribution(n - 1);
  const double t = boost::math::quantile(
      boost::math::complement(distribution, (1 - level) / 2));
  return t * *deviation / std::sqrt(n);
}

}  // namespace eh::host
