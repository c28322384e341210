// eh::Table, named columns of numbers and texts, to be written as CSV or JSON.
#ifndef EH_TABLE_HPP
#define EH_TABLE_HPP

#include <cstdint>
#include <eh/detail/config.hpp>
#include <eh/detail/text.hpp>
#include <eh/detail/value.hpp>
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
  } else {
    static_assert(std::is_convertible_v<const T&, std::string_view>,
                  "a table holds numbers, bools, enums and texts");
    return std::string(std::string_view(value));
  }
}

}  // namespace detail

class Table {
 public:
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
  const std::string& name(std::size_t column) const {
    return columns_.at(column).name;
  }
  const Cell& at(std::size_t row, std::size_t column) const {
    return columns_.at(column).cells.at(row);
  }

  /// Adds a row; one value for each column, else std::invalid_argument.
  template <class... T>
  Table& add_row(const T&... values) {
    return add_cells({detail::to_cell(values)...});
  }

  Table& add_cells(std::vector<Cell> row) {
    if (row.size() != columns_.size())
      throw std::invalid_argument("cannot add a row of " +
                                  std::to_string(row.size()) +
                                  " values to a table of " +
                                  std::to_string(columns_.size()) + " columns");
    for (std::size_t i = 0; i < row.size(); ++i)
      columns_[i].cells.push_back(std::move(row[i]));
    return *this;
  }

  /// Adds a column; as long as the others, else std::invalid_argument.
  template <std::ranges::input_range R>
  Table& add_column(std::string name, const R& values) {
    Column column{std::move(name), {}};
    for (const std::ranges::range_value_t<R>& value : values)
      column.cells.push_back(detail::to_cell(value));
    if (!columns_.empty() && column.cells.size() != row_count())
      throw std::invalid_argument(
          "cannot add the column '" + column.name + "' of " +
          std::to_string(column.cells.size()) + " values to a table of " +
          std::to_string(row_count()) + " rows");
    columns_.push_back(std::move(column));
    return *this;
  }

 private:
  struct Column {
    std::string name;
    std::vector<Cell> cells;
  };
  std::vector<Column> columns_;
};

namespace detail {

inline void append_cell_json(std::string& out, const Cell& cell) {
  std::visit(
      [&]<class T>(const T& value) {
        if constexpr (std::is_same_v<T, std::monostate>)
          out += "null";
        else
          append_json(out, value);
      },
      cell);
}

/// RFC 4180: in quotes if need be, quotes doubled.
inline void append_csv_text(std::string& out, std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

inline void append_cell_csv(std::string& out, const Cell& cell) {
  std::visit(
      [&]<class T>(const T& value) {
        if constexpr (std::is_same_v<T, std::string>) {
          append_csv_text(out, value);
        } else if constexpr (Real<T>) {
          const std::string_view name = non_finite(value);
          name.empty() ? append_real(out, value) : void(out += name);
        } else if constexpr (!std::is_same_v<T, std::monostate>) {
          append_json(out, value);
        }
      },
      cell);
}

inline std::string table_csv(const Table& table) {
  std::string out;
  for (std::size_t i = 0; i < table.column_count(); ++i) {
    if (i > 0) out += ',';
    append_csv_text(out, table.name(i));
  }
  out += '\n';
  for (std::size_t row = 0; row < table.row_count(); ++row) {
    for (std::size_t i = 0; i < table.column_count(); ++i) {
      if (i > 0) out += ',';
      append_cell_csv(out, table.at(row, i));
    }
    out += '\n';
  }
  return out;
}

/// A row as an object; one on each line for JSON lines, else in a list.
inline std::string table_json(const Table& table, bool lines) {
  std::string out = lines ? "" : "[\n";
  for (std::size_t row = 0; row < table.row_count(); ++row) {
    if (!lines && row > 0) out += ",\n";
    for (std::size_t i = 0; i < table.column_count(); ++i) {
      out += i > 0 ? ',' : '{';
      append_json_text(out, table.name(i));
      out += ':';
      append_cell_json(out, table.at(row, i));
    }
    out += lines ? "}\n" : "}";
  }
  return lines ? out : out + "\n]\n";
}

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_TABLE_HPP
