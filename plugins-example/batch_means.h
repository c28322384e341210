// A confidence interval for the mean of a series whose terms depend on each
// other, by the method of batch means: averages over long, equally long pieces
// are nearly independent and nearly normal. A. M. Law, "Simulation Modeling
// and Analysis", 5th edition, section 9.5.3.
#pragma once

#include <vector>

/// The x that a variable with Student's t distribution exceeds with
/// probability `tail`, 0 < tail <= 0.5. An expansion (Abramowitz and Stegun,
/// 26.7.5), good to three digits from 5 degrees of freedom on.
double student_t(double tail, int degrees_of_freedom);

struct Estimate {
  double mean = 0;
  double standard_error = 0;
  double half_width = 0;  // of the 95 % confidence interval
};

/// From the averages of at least two batches.
Estimate batch_means(const std::vector<double>& batches);
