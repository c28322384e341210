// Arrays of several dimensions, to be written and read: eh::Array has its
// numbers itself, eh::ArrayView looks at those of someone else. The last index
// runs fastest, unless an ArrayView is told something else.
//
//   run.write("field.npy", eh::ArrayView(cells.data(), {height, width}));
//   run.write("m.npy", eh::ArrayView(p, {rows, columns}, eh::column_major));
//   run.write("m.npy", matrix);   // of Eigen: it says how it lies
//   const auto field = eh::read<eh::Array<float>>("field.npy");
#ifndef EH_ARRAY_HPP
#define EH_ARRAY_HPP

#include <concepts>
#include <cstddef>
#include <eh/detail/config.hpp>
#include <eh/detail/value.hpp>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
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

/// How far apart elements are, in each dimension, that lie without gaps.
EH_CODE std::vector<std::ptrdiff_t> strides_of(
    const std::vector<std::size_t>& shape, bool first_runs_fastest);

EH_CODE void check_strides(std::size_t dimensions, std::size_t strides);

/// What says where its elements lie, as matrices of Eigen do.
template <class M>
concept StridedMatrix = requires(const M& matrix) {
  { matrix.rows() } -> std::convertible_to<std::ptrdiff_t>;
  { matrix.cols() } -> std::convertible_to<std::ptrdiff_t>;
  { matrix.rowStride() } -> std::convertible_to<std::ptrdiff_t>;
  { matrix.colStride() } -> std::convertible_to<std::ptrdiff_t>;
  { *matrix.data() } -> std::convertible_to<double>;
};
template <class M>
using MatrixElement = std::decay_t<decltype(*std::declval<const M&>().data())>;

/// A vector has one dimension.
template <class M>
constexpr bool is_vector() {
  if constexpr (requires { bool{M::IsVectorAtCompileTime}; })
    return M::IsVectorAtCompileTime;
  else if constexpr (requires { M::IsVectorAtCompileTime; })
    return static_cast<bool>(M::IsVectorAtCompileTime);
  else
    return false;
}

template <class M>
std::vector<std::size_t> matrix_shape(const M& matrix) {
  const auto rows = static_cast<std::size_t>(matrix.rows());
  const auto columns = static_cast<std::size_t>(matrix.cols());
  if (is_vector<M>()) return {rows * columns};
  return {rows, columns};
}

template <class M>
std::vector<std::ptrdiff_t> matrix_strides(const M& matrix) {
  if (is_vector<M>())
    return {matrix.cols() == 1 ? matrix.rowStride() : matrix.colStride()};
  return {matrix.rowStride(), matrix.colStride()};
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

/// In which order the elements of an array lie: the last index runs fastest, as
/// in C, or the first, as in Fortran, Eigen and Armadillo.
enum class Order { row_major, column_major };
inline constexpr Order row_major = Order::row_major;
inline constexpr Order column_major = Order::column_major;

template <detail::Number T>
class ArrayView {
 public:
  /// What `data` points to has to be there as long as this is used.
  ArrayView(const T* data, std::vector<std::size_t> lengths,
            Order order = row_major)
      : data_(data),
        shape_(std::move(lengths)),
        strides_(detail::strides_of(shape_, order == column_major)) {}
  /// Of lengths that Eigen may have given, with the order of its matrices.
  template <std::same_as<std::ptrdiff_t> I, std::size_t N>
  ArrayView(const T* data, const I (&lengths)[N], Order order)
      : ArrayView(data, std::vector<std::size_t>(lengths, lengths + N), order) {
  }
  template <std::same_as<std::ptrdiff_t> I, std::size_t N>
  ArrayView(const T* data, const I (&lengths)[N])
      : ArrayView(data, lengths, row_major) {
    static_assert(N == 1,
                  "lengths that are std::ptrdiff_t, such as rows() and cols() "
                  "of Eigen, do not say how the numbers lie: give the matrix "
                  "itself, or eh::row_major or eh::column_major, too");
  }
  /// `strides` are how many elements are from one index to the next, in each
  /// dimension: as many as `lengths`, else std::invalid_argument.
  ArrayView(const T* data, std::vector<std::size_t> lengths,
            std::vector<std::ptrdiff_t> strides)
      : data_(data), shape_(std::move(lengths)), strides_(std::move(strides)) {
    detail::check_strides(shape_.size(), strides_.size());
  }
  ArrayView(const Array<T>& array)
      : ArrayView(array.values.data(), array.shape) {
    detail::check_shape(array.values.size(), array.shape);
  }
  /// A matrix of Eigen, or a block or map of one, however it lies.
  template <detail::StridedMatrix M>
  requires std::is_same_v<detail::MatrixElement<M>, T> ArrayView(
      const M& matrix)
      : ArrayView(matrix.data(), detail::matrix_shape(matrix),
                  detail::matrix_strides(matrix)) {}

  const T* data() const { return data_; }
  const std::vector<std::size_t>& shape() const { return shape_; }
  const std::vector<std::ptrdiff_t>& strides() const { return strides_; }

 private:
  const T* data_;
  std::vector<std::size_t> shape_;
  std::vector<std::ptrdiff_t> strides_;
};

template <detail::StridedMatrix M>
ArrayView(const M&) -> ArrayView<detail::MatrixElement<M>>;

}  // namespace EH_HIDDEN

#if EH_DETAIL_CODE_HERE
#include <eh/detail/code/array.hpp>
#endif

#endif  // EH_ARRAY_HPP
