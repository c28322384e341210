// A matrix of Eigen by its first number, whose order nothing tells.
#include <eh/eh.hpp>

static void save(eh::Run& run, const double* numbers, std::ptrdiff_t rows) {
  const eh::ArrayView view(numbers, {rows, rows});  // HERE: do not say how the numbers lie
  run.write("a.npy", view);
}
[[maybe_unused]] static auto use = &save;
