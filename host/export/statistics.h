// Means of repeated measurements, and how sure they are.
#pragma once

#include <cstddef>
#include <optional>

namespace eh::host {

/// Gathers values one by one, in constant memory, and without the loss of
/// digits that a sum of squares brings: B. P. Welford, "Note on a method for
/// calculating corrected sums of squares and products", Technometrics 4, 1962.
class Sample {
 public:
  void add(double value);
  std::size_t count() const { return finite_ + others_; }
  /// Infinite, or not a number, where the sum of all values is.
  /// Else it is that of the values, rounded once, as the numbers that people
  /// write have it: 0.55, and not 0.55000000000000004, of 0.1, 0.2 ... 1.
  double mean() const;
  /// Of the population that the sample is from: divided by n - 1. Nothing for
  /// fewer than two values.
  std::optional<double> standard_deviation() const;
  /// Half the width of the two-sided confidence interval of the mean,
  ///   t(1 - (1 - level) / 2, n - 1) * s / sqrt(n),
  /// with the quantile of Student's t distribution, for values that are
  /// independent and about normal: Student (W. S. Gosset), "The probable error
  /// of a mean", Biometrika 6, 1908; NIST/SEMATECH e-Handbook of Statistical
  /// Methods, section 1.3.5.2. 0 < level < 1. Nothing for fewer than two.
  std::optional<double> half_width(double level) const;

 private:
  std::size_t finite_ = 0;
  double mean_ = 0;     // about, on the way
  double squares_ = 0;  // of deviations from the mean
  double sum_ = 0;
  double sum_rest_ = 0;  // what `sum_` has no digits for
  std::size_t others_ = 0;
  double sum_of_others_ = 0;
};

}  // namespace eh::host
