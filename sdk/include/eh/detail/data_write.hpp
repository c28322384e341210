// A value as the items that cross the boundary (abi.h). Texts and numbers stay
// where they are: the items point to them.
#ifndef EH_DETAIL_DATA_WRITE_HPP
#define EH_DETAIL_DATA_WRITE_HPP

#include <eh/abi.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <eh/detail/config.hpp>
#include <eh/detail/data_type.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace eh EH_HIDDEN {
namespace detail {

class DataWriter {
 public:
  /// `value` has to be there as long as the items are used. Throws
  /// std::logic_error if there is an array that cannot be as it says.
  template <class T>
  explicit DataWriter(const T& value) {
    add(value);
    // A text that is a value, and not the content of a file.
    if (!DataText<T> && items_[0].kind == EH_ITEM_TEXT)
      items_[0].element = EH_STRING;
  }

  const std::vector<eh_item>& items() const { return items_; }

 private:
  eh_item& push(std::uint32_t kind) {
    eh_item item{};
    item.kind = kind;
    items_.push_back(item);
    return items_.back();
  }

  void add_text(std::string_view text, std::uint32_t element = EH_ELEMENT_ANY) {
    eh_item& item = push(EH_ITEM_TEXT);
    item.as.data = text.data();
    item.count = text.size();
    item.element = element;
  }
  std::string_view keep(std::string text) {
    return texts_.emplace_back(std::move(text));
  }

  template <class Shape>
  void add_array(std::uint32_t element, const void* data, const Shape& shape) {
    eh_item& item = push(EH_ITEM_ARRAY);
    item.element = element;
    item.as.data = data;
    item.count = shape.size();
    for (const std::size_t length : shape)
      push(EH_ITEM_NATURAL).as.natural = length;
  }

  /// What `fill` adds is in it; it returns how many elements those are.
  template <class Fill>
  void add_container(std::uint32_t kind, const Fill& fill,
                     std::uint32_t element = EH_ELEMENT_ANY) {
    const std::size_t at = items_.size();
    push(kind).element = element;
    const std::uint64_t count = fill();
    items_[at].count = count;
    items_[at].as.natural = items_.size() - at - 1;
  }

  template <class T>
  void add(const T& value) {
    if constexpr (DataNothing<T>) {
      push(EH_ITEM_NULL);
    } else if constexpr (std::is_same_v<T, bool>) {
      push(EH_ITEM_BOOL).as.natural = value ? 1 : 0;
    } else if constexpr (Real<T>) {
      push(sizeof(T) == 4 ? EH_ITEM_SINGLE : EH_ITEM_REAL).as.real =
          static_cast<double>(value);
    } else if constexpr (Number<T> && std::is_signed_v<T>) {
      push(EH_ITEM_INTEGER).as.integer = value;
    } else if constexpr (Number<T>) {
      push(EH_ITEM_NATURAL).as.natural = value;
    } else if constexpr (std::is_enum_v<T>) {
      const std::string_view name = choice_name(value);
      if (name.empty())
        add(static_cast<std::underlying_type_t<T>>(value));
      else
        add_text(name);
    } else if constexpr (DataText<T>) {
      add_text(value);
    } else if constexpr (is_path<T>) {
      add_text(value.native());
    } else if constexpr (is_optional<T>) {
      if (value)
        add<typename T::value_type>(*value);
      else
        push(EH_ITEM_NULL);
    } else if constexpr (std::is_same_v<T, Table>) {
      add_table(value);
    } else if constexpr (is_whole_array<T>) {
      check_shape(value.values.size(), value.shape);
      add_array(memory_element<std::decay_t<decltype(value.values[0])>>(),
                value.values.data(), value.shape);
    } else if constexpr (is_array_view<T>) {
      shape_size(value.shape());  // there is such an array
      add_strided(value.data(), value.shape(), value.strides());
    } else if constexpr (StridedMatrix<T>) {
      add(ArrayView(value));
    } else if constexpr (MultiSpan<T>) {
      add_span(value);
    } else if constexpr (DataMap<T>) {
      add_map(value);
    } else if constexpr (DataList<T>) {
      add_list(value);
    } else {
      add_container(EH_ITEM_MAP, [&] {
        for_each_field(value, [&]<class U>(std::string_view name, const U& of) {
          add_text(name);
          add<U>(of);
        });
        return field_names<T>.size();
      });
    }
  }

  template <class T>
  void add_list(const T& list) {
    using E = Element<T>;
    if constexpr (Number<E> && std::ranges::contiguous_range<const T>) {
      const std::size_t size = std::ranges::size(list);
      add_array(memory_element<E>(), std::ranges::data(list), std::array{size});
    } else if constexpr (std::is_same_v<E, bool>) {
      std::string bytes;
      for (const bool one : list) bytes += one ? '\1' : '\0';
      const std::size_t size = bytes.size();
      add_array(EH_BOOL8, keep(std::move(bytes)).data(), std::array{size});
    } else if constexpr (DataStruct<E>) {
      add_container(EH_ITEM_TABLE, [&] { return add_records(list); });
    } else {
      add_container(
          EH_ITEM_LIST,
          [&] {
            std::uint64_t count = 0;
            for (const auto& one : list) {
              add<E>(one);
              ++count;
            }
            return count;
          },
          column_element<E>());
    }
  }

  template <class T>
  std::uint64_t add_records(const T& list) {
    using E = Element<T>;
    std::size_t i = 0;
    [&]<class... U>(std::tuple<U&...>*) {
      (add_text(field_names<E>[i++], column_element<std::remove_const_t<U>>()),
       ...);
    }(static_cast<decltype(fields_of(std::declval<E&>()))*>(nullptr));
    for (const E& one : list)
      for_each_field(
          one, [&]<class U>(std::string_view, const U& of) { add<U>(of); });
    return field_names<E>.size();
  }

  /// In the order of the keys, so that equal maps make equal files.
  template <class T>
  void add_map(const T& map) {
    std::vector<const typename T::value_type*> entries;
    for (const auto& entry : map) entries.push_back(&entry);
    std::stable_sort(
        entries.begin(), entries.end(),
        [](const auto* a, const auto* b) { return a->first < b->first; });
    add_container(EH_ITEM_MAP, [&] {
      for (const auto* entry : entries) {
        if constexpr (Integer<typename T::key_type>) {
          std::string digits;
          append_integer(digits, entry->first);
          add_text(keep(std::move(digits)));
        } else {
          add_text(entry->first);
        }
        add<typename T::mapped_type>(entry->second);
      }
      return entries.size();
    });
  }

  void add_table(const Table& table) {
    add_container(EH_ITEM_TABLE, [&] {
      for (std::size_t i = 0; i < table.column_count(); ++i)
        add_text(table.name(i));
      for (std::size_t row = 0; row < table.row_count(); ++row)
        for (std::size_t i = 0; i < table.column_count(); ++i)
          std::visit([&]<class C>(const C& cell) { add<C>(cell); },
                     table.at(row, i));
      return table.column_count();
    });
  }

  template <class T>
  void add_span(const T& span) {
    std::array<std::size_t, T::rank()> shape{};
    std::array<std::ptrdiff_t, T::rank()> strides{};
    for (std::size_t i = 0; i < shape.size(); ++i) {
      shape[i] = static_cast<std::size_t>(span.extent(i));
      strides[i] = static_cast<std::ptrdiff_t>(span.stride(i));
    }
    add_strided(&*span.data_handle(), shape, strides);
  }

  /// Copied unless it lies row by row already.
  template <class E, class Shape, class Strides>
  void add_strided(const E* data, const Shape& shape, const Strides& strides) {
    const std::size_t rank = shape.size();
    std::size_t size = 1;
    bool in_place = true;
    for (std::size_t i = rank; i-- > 0;) {
      in_place = in_place && (shape[i] == 1 ||
                              strides[i] == static_cast<std::ptrdiff_t>(size));
      size *= shape[i];
    }
    if (in_place || size == 0)
      return add_array(memory_element<E>(), data, shape);
    std::string bytes;
    bytes.reserve(size * sizeof(E));
    std::vector<std::size_t> index(rank);
    for (std::size_t n = 0; n < size; ++n) {
      std::ptrdiff_t at = 0;
      for (std::size_t i = 0; i < rank; ++i)
        at += static_cast<std::ptrdiff_t>(index[i]) * strides[i];
      bytes.append(reinterpret_cast<const char*>(data + at), sizeof(E));
      for (std::size_t i = rank; i-- > 0 && ++index[i] == shape[i];)
        index[i] = 0;
    }
    add_array(memory_element<E>(), keep(std::move(bytes)).data(), shape);
  }

  std::vector<eh_item> items_;
  std::deque<std::string> texts_;
};

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_DATA_WRITE_HPP
