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
  const double deviation = value - mean_;
  mean_ += deviation / static_cast<double>(finite_);
  squares_ += deviation * (value - mean_);
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
