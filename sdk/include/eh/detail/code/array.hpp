// The code of array.hpp.
#ifndef EH_DETAIL_CODE_ARRAY_HPP
#define EH_DETAIL_CODE_ARRAY_HPP

#include <eh/array.hpp>

namespace eh EH_HIDDEN {
namespace detail {

EH_CODE std::vector<std::ptrdiff_t> strides_of(
    const std::vector<std::size_t>& shape, bool first_runs_fastest) {
  std::vector<std::ptrdiff_t> strides(shape.size());
  std::size_t step = 1;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const std::size_t at = first_runs_fastest ? i : shape.size() - 1 - i;
    strides[at] = static_cast<std::ptrdiff_t>(step);
    step *= shape[at];
  }
  return strides;
}

EH_CODE void check_strides(std::size_t dimensions, std::size_t strides) {
  if (strides != dimensions)
    throw std::invalid_argument("an array of " + std::to_string(dimensions) +
                                " dimensions has " + std::to_string(strides) +
                                " strides (give one for each dimension)");
}

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_CODE_ARRAY_HPP
