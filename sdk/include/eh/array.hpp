// Arrays of several dimensions, to be written and read: eh::Array has its
// numbers itself, eh::ArrayView looks at those of someone else. The last index
// runs fastest.
//
//   run.write("field.npy", eh::ArrayView(cells.data(), {height, width}));
//   const auto field = eh::read<eh::Array<float>>("field.npy");
#ifndef EH_ARRAY_HPP
#define EH_ARRAY_HPP

#include <cstddef>
#include <eh/detail/config.hpp>
#include <eh/detail/value.hpp>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace eh EH_HIDDEN {
namespace detail {

/// std::length_error if nothing can have so many elements.
template <class Shape>
std::size_t shape_size(const Shape& shape) {
  std::size_t size = 1;
  bool is_too_large = false;
  for (const std::size_t length : shape) {
    if (length == 0) return 0;
    is_too_large =
        is_too_large || size > std::numeric_limits<std::size_t>::max() / length;
    size *= length;
  }
  if (is_too_large)
    throw std::length_error("an array cannot have as many values as its shape");
  return size;
}

/// std::invalid_argument if values are not as many as a shape has.
inline void check_shape(std::size_t values,
                        const std::vector<std::size_t>& shape) {
  if (values != shape_size(shape))
    throw std::invalid_argument("an array has " + std::to_string(values) +
                                " values and by its shape " +
                                std::to_string(shape_size(shape)));
}

/// Where the element at `index` is among all of them.
template <class... I>
std::size_t element_number(std::span<const std::size_t> shape, I... index) {
  const std::size_t indices[] = {static_cast<std::size_t>(index)..., 0};
  if (sizeof...(I) != shape.size())
    throw std::out_of_range("cannot find an element of an array of " +
                            std::to_string(shape.size()) + " dimensions with " +
                            std::to_string(sizeof...(I)) + " indices");
  std::size_t at = 0;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (indices[i] >= shape[i])
      throw std::out_of_range("cannot find the element " +
                              std::to_string(indices[i]) + " of " +
                              std::to_string(shape[i]));
    at = at * shape[i] + indices[i];
  }
  return at;
}

}  // namespace detail

template <detail::Number T>
struct Array {
  /// Row by row, as many as the product of the shape: who changes one changes
  /// the other, else this cannot be written.
  std::vector<T> values;
  std::vector<std::size_t> shape;

  Array() : shape{0} {}
  /// As many values as the shape has, else std::invalid_argument.
  Array(std::vector<T> all, std::vector<std::size_t> lengths)
      : values(std::move(all)), shape(std::move(lengths)) {
    detail::check_shape(values.size(), shape);
  }
  /// Zeros; std::length_error if they are too many.
  explicit Array(std::vector<std::size_t> lengths)
      : values(detail::shape_size(lengths)), shape(std::move(lengths)) {}

  /// array(row, column); std::out_of_range if there is none.
  template <class... I>
  T& operator()(I... index) {
    return values.at(
        detail::element_number(std::span(std::as_const(shape)), index...));
  }
  template <class... I>
  const T& operator()(I... index) const {
    return values.at(detail::element_number(std::span(shape), index...));
  }
  friend bool operator==(const Array&, const Array&) = default;
};

template <detail::Number T>
class ArrayView {
 public:
  /// What `data` points to has to be there as long as this is used.
  ArrayView(const T* data, std::vector<std::size_t> lengths)
      : data_(data), shape_(std::move(lengths)) {}
  ArrayView(const Array<T>& array)
      : ArrayView(array.values.data(), array.shape) {
    detail::check_shape(array.values.size(), array.shape);
  }

  const T* data() const { return data_; }
  const std::vector<std::size_t>& shape() const { return shape_; }

 private:
  const T* data_;
  std::vector<std::size_t> shape_;
};

}  // namespace EH_HIDDEN

#endif  // EH_ARRAY_HPP
