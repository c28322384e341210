// The types that can be written to a file and read from one.
//
// Bools, numbers, enums, texts and paths; std::optional of them; lists
// (std::vector, std::array, std::span, std::set ...) and maps with keys that
// are texts or integers; plain structs; eh::Array, eh::ArrayView, matrices of
// Eigen and what is like std::mdspan; eh::Table. All of these within each
// other, but the last two.
#ifndef EH_DETAIL_DATA_TYPE_HPP
#define EH_DETAIL_DATA_TYPE_HPP

#include <eh/abi.h>

#include <array>
#include <concepts>
#include <cstddef>
#include <eh/array.hpp>
#include <eh/detail/config.hpp>
#include <eh/detail/value.hpp>
#include <eh/reflect.hpp>
#include <eh/table.hpp>
#include <filesystem>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

namespace eh EH_HIDDEN {
namespace detail {

template <class T>
concept DataText = std::is_convertible_v<const T&, std::string_view>;

/// Written and read as its text.
template <class T>
inline constexpr bool is_path = std::is_same_v<T, std::filesystem::path>;

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
inline constexpr bool is_fixed_array = false;
template <class T, std::size_t N>
inline constexpr bool is_fixed_array<std::array<T, N>> = true;

template <class T>
inline constexpr bool is_whole_array = false;
template <class T>
inline constexpr bool is_whole_array<Array<T>> = true;
template <class T>
inline constexpr bool is_array_view = false;
template <class T>
inline constexpr bool is_array_view<ArrayView<T>> = true;

template <class T>
concept DataNothing =
    is_one_of<T, std::monostate, std::nullopt_t, std::nullptr_t>;

/// std::mdspan, or another that is like it.
template <class T>
concept MultiSpan = requires(const T& span) {
  { T::rank() } -> std::convertible_to<std::size_t>;
  { span.extent(0) } -> std::convertible_to<std::size_t>;
  { span.stride(0) } -> std::convertible_to<std::size_t>;
  { *span.data_handle() } -> std::convertible_to<double>;
};

template <class T>
concept DataMap = std::ranges::range<const T> && requires {
  typename T::key_type;
  typename T::mapped_type;
};

/// Elements that are references: views that make them do not outlive it.
template <class T>
concept DataList =
    !DataText<T> && !is_path<T> && !DataMap<T> && !StridedMatrix<T> &&
    std::ranges::input_range<const T> &&
    (std::is_lvalue_reference_v<std::ranges::range_reference_t<const T>> ||
     std::is_same_v<std::ranges::range_value_t<const T>, bool>);

template <DataList T>
using Element = std::ranges::range_value_t<const T>;

template <class T>
concept DataStruct =
    std::is_class_v<T> && !DataText<T> && !DataNothing<T> &&
    !std::ranges::range<const T> && !is_optional<T> && !MultiSpan<T> &&
    !StridedMatrix<T> && !is_whole_array<T> && !is_array_view<T> &&
    !std::is_same_v<T, Table> && struct_fault<T>() != StructFault::no_aggregate;

/// What is an object in a file, or a row.
template <class T>
inline constexpr bool is_record = DataStruct<T> || DataMap<T>;

/// And what is a table in one.
template <class T>
inline constexpr bool is_tabular = is_record<T> || std::is_same_v<T, Table>;
template <DataList T>
inline constexpr bool is_tabular<T> = is_record<Element<T>>;

template <class T, class... Outer>
constexpr bool is_data();

template <class T, class... Outer>
constexpr bool is_data_struct() {
  if constexpr (check_fields<T>()) {
    return []<class... U>(std::tuple<U&...>*) {
      return (is_data<std::remove_const_t<U>, T, Outer...>() && ...);
    }(static_cast<decltype(fields_of(std::declval<T&>()))*>(nullptr));
  } else {
    return false;
  }
}

/// Whether a T can be written. One may be within itself, by a list or a map.
template <class T, class... Outer>
constexpr bool is_data() {
  if constexpr (is_one_of<T, Outer...>)
    return true;
  else if constexpr (std::is_same_v<T, bool> || Number<T> ||
                     std::is_enum_v<T> || DataText<T> || is_path<T> ||
                     DataNothing<T> || is_whole_array<T> || is_array_view<T> ||
                     StridedMatrix<T> || MultiSpan<T> ||
                     std::is_same_v<T, Table>)
    return true;
  else if constexpr (is_optional<T>)
    return is_data<typename T::value_type, Outer...>();
  else if constexpr (DataMap<T>)
    return (std::is_same_v<typename T::key_type, std::string> ||
            Integer<typename T::key_type>)&&is_data<typename T::mapped_type,
                                                    Outer...>();
  else if constexpr (DataList<T>)
    return is_data<Element<T>, Outer...>();
  else if constexpr (DataStruct<T>)
    return is_data_struct<T, Outer...>();
  else
    return false;
}

/// What numbers of a type are in memory.
template <class T>
constexpr std::uint32_t memory_element() {
  if constexpr (std::is_same_v<T, bool>)
    return EH_BOOL8;
  else if constexpr (Real<T>)
    return sizeof(T) == 4 ? EH_FLOAT32 : EH_FLOAT64;
  else if constexpr (std::is_signed_v<T>)
    return sizeof(T) == 1   ? EH_INT8
           : sizeof(T) == 2 ? EH_INT16
           : sizeof(T) == 4 ? EH_INT32
                            : EH_INT64;
  else
    return sizeof(T) == 1   ? EH_UINT8
           : sizeof(T) == 2 ? EH_UINT16
           : sizeof(T) == 4 ? EH_UINT32
                            : EH_UINT64;
}

/// What all values of a type are that are not nothing, if it is one thing.
template <class T>
constexpr std::uint32_t column_element() {
  if constexpr (std::is_same_v<T, bool> || Number<T>)
    return memory_element<T>();
  else if constexpr (DataText<T> || is_path<T> || std::is_enum_v<T>)
    return EH_STRING;
  else if constexpr (is_optional<T>)
    return column_element<typename T::value_type>();
  else
    return EH_ELEMENT_ANY;
}

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_DATA_TYPE_HPP
