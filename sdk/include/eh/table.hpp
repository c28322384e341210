// eh::Table, named columns of numbers and texts, to be written and read.
#ifndef EH_TABLE_HPP
#define EH_TABLE_HPP

#include <cstdint>
#include <eh/detail/config.hpp>
#include <eh/detail/text.hpp>
#include <eh/detail/value.hpp>
#include <filesystem>
#include <initializer_list>
#include <ranges>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace eh EH_HIDDEN {

/// One entry of a table; std::monostate where nothing was given.
using Cell = std::variant<std::monostate, bool, std::int64_t, std::uint64_t,
                          float, double, std::string>;

namespace detail {

template <class T>
Cell to_cell(const T& value) {
  if constexpr (is_one_of<T, bool, float, double>)
    return value;
  else if constexpr (std::is_enum_v<T>) {
    std::string text;
    append_label(text, value);
    return text;
  } else if constexpr (std::is_integral_v<T> && std::is_signed_v<T>)
    return static_cast<std::int64_t>(value);
  else if constexpr (std::is_integral_v<T>)
    return static_cast<std::uint64_t>(value);
  else if constexpr (is_list<T>) {
    std::string text;
    append_json(text, value);
    return text;
  } else if constexpr (std::is_same_v<T, std::filesystem::path>) {
    return value.native();
  } else {
    static_assert(std::is_convertible_v<const T&, std::string_view>,
                  "a table holds numbers, bools, enums and texts");
    return std::string(std::string_view(value));
  }
}

}  // namespace detail

class Table {
 public:
  friend bool operator==(const Table&, const Table&) = default;
  Table() = default;
  explicit Table(std::vector<std::string> names) {
    for (std::string& name : names) columns_.push_back({std::move(name), {}});
  }
  Table(std::initializer_list<const char*> names) {
    for (const char* name : names) columns_.push_back({name, {}});
  }

  std::size_t column_count() const { return columns_.size(); }
  std::size_t row_count() const {
    return columns_.empty() ? 0 : columns_.front().cells.size();
  }
  /// std::out_of_range if there is no such column, or row.
  const std::string& name(std::size_t column) const {
    return columns_.at(column).name;
  }
  const Cell& at(std::size_t row, std::size_t column) const {
    return columns_.at(column).cells.at(row);
  }
  /// The cells of a column; std::invalid_argument if there is none such.
  const std::vector<Cell>& column(std::string_view name) const;

  /// Adds a row; one value for each column, else std::invalid_argument.
  template <class... T>
  Table& add_row(const T&... values) {
    return add_cells({detail::to_cell(values)...});
  }

  Table& add_cells(std::vector<Cell> row);

  /// Adds a column; as long as the others, else std::invalid_argument.
  template <std::ranges::input_range R>
  Table& add_column(std::string name, const R& values) {
    std::vector<Cell> cells;
    for (const std::ranges::range_value_t<R>& value : values)
      cells.push_back(detail::to_cell(value));
    return add_column_of(std::move(name), std::move(cells));
  }

  Table& add_column_of(std::string name, std::vector<Cell> cells);

 private:
  struct Column {
    std::string name;
    std::vector<Cell> cells;
    friend bool operator==(const Column&, const Column&) = default;
  };
  std::vector<Column> columns_;
};

}  // namespace EH_HIDDEN

#if EH_DETAIL_CODE_HERE
#include <eh/detail/code/table.hpp>
#endif

#endif  // EH_TABLE_HPP
