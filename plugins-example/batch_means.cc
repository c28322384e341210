#include "batch_means.h"

#include <cmath>
#include <numeric>

namespace {

/// The standard normal distribution's upper quantile, by bisection.
double normal_quantile(double tail) {
  double low = 0, high = 40;
  for (int i = 0; i < 100; ++i) {
    const double x = (low + high) / 2;
    (std::erfc(x / std::sqrt(2.0)) / 2 > tail ? low : high) = x;
  }
  return low;
}

}  // namespace

double student_t(double tail, int degrees_of_freedom) {
  const double x = normal_quantile(tail), x2 = x * x;
  const double n = degrees_of_freedom;
  const double g1 = (x2 + 1) * x / 4;
  const double g2 = ((5 * x2 + 16) * x2 + 3) * x / 96;
  const double g3 = (((3 * x2 + 19) * x2 + 17) * x2 - 15) * x / 384;
  const double g4 =
      ((((79 * x2 + 776) * x2 + 1482) * x2 - 1920) * x2 - 945) * x / 92160;
  return x + (g1 + (g2 + (g3 + g4 / n) / n) / n) / n;
}

Estimate batch_means(const std::vector<double>& batches) {
  const double count = static_cast<double>(batches.size());
  Estimate estimate;
  estimate.mean = std::accumulate(batches.begin(), batches.end(), 0.0) / count;
  double squares = 0;
  for (const double batch : batches)
    squares += (batch - estimate.mean) * (batch - estimate.mean);
  estimate.standard_error = std::sqrt(squares / (count - 1) / count);
  estimate.half_width = student_t(0.025, static_cast<int>(batches.size()) - 1) *
                        estimate.standard_error;
  return estimate;
}
