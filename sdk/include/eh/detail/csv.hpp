// Reading CSV as RFC 4180 has it, with either kind of line ending.
#ifndef EH_DETAIL_CSV_HPP
#define EH_DETAIL_CSV_HPP

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <eh/detail/config.hpp>
#include <eh/table.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace eh EH_HIDDEN {
namespace detail {

using CsvRows = std::vector<std::vector<std::string>>;

/// Takes a field in quotes off the front, which begins after the first quote.
inline std::string take_quoted(std::string_view path, std::string_view& rest) {
  std::string field;
  while (true) {
    const std::size_t quote = rest.find('"');
    if (quote == std::string_view::npos)
      throw std::runtime_error("cannot read '" + std::string(path) +
                               "': a quote is not closed");
    field += rest.substr(0, quote);
    rest.remove_prefix(quote + 1);
    if (rest.empty() || rest.front() != '"') return field;
    field += '"';
    rest.remove_prefix(1);
  }
}

inline CsvRows parse_csv(std::string_view path, std::string_view rest) {
  CsvRows rows;
  bool new_row = true;
  while (!rest.empty() || !new_row) {
    if (new_row) rows.emplace_back();
    std::string field;
    if (!rest.empty() && rest.front() == '"') {
      rest.remove_prefix(1);
      field = take_quoted(path, rest);
    }
    const std::size_t end = std::min(rest.find_first_of(",\n"), rest.size());
    std::string_view plain = rest.substr(0, end);
    new_row = end == rest.size() || rest[end] == '\n';
    if (new_row && !plain.empty() && plain.back() == '\r')
      plain.remove_suffix(1);
    rows.back().push_back(field.append(plain));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return rows;
}

/// A number if the whole text is one, else the text; nothing if it is empty.
inline Cell parse_cell(const std::string& text) {
  if (text.empty()) return {};
  const char* end = text.data() + text.size();
  std::int64_t integer = 0;
  auto result = std::from_chars(text.data(), end, integer);
  if (result.ec == std::errc() && result.ptr == end) return integer;
  double real = 0;
  result = std::from_chars(text.data(), end, real);
  if (result.ec == std::errc() && result.ptr == end) return real;
  return text;
}

inline Table csv_table(std::string_view path, std::string_view content) {
  CsvRows rows = parse_csv(path, content);
  if (rows.empty()) return {};
  Table table(rows.front());
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (rows[i].size() != table.column_count())
      throw std::runtime_error(
          "cannot read '" + std::string(path) + "': row " + std::to_string(i) +
          " has " + std::to_string(rows[i].size()) + " fields and not " +
          std::to_string(table.column_count()));
    std::vector<Cell> row;
    for (const std::string& text : rows[i]) row.push_back(parse_cell(text));
    table.add_cells(std::move(row));
  }
  return table;
}

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_CSV_HPP
