// The code of table.hpp.
#ifndef EH_DETAIL_CODE_TABLE_HPP
#define EH_DETAIL_CODE_TABLE_HPP

#include <eh/table.hpp>
#include <stdexcept>

namespace eh EH_HIDDEN {

EH_CODE const std::vector<Cell>& Table::column(std::string_view name) const {
  for (const Column& column : columns_)
    if (column.name == name) return column.cells;
  std::vector<std::string_view> known;
  for (const Column& column : columns_) known.push_back(column.name);
  throw std::invalid_argument("there is no column '" + std::string(name) + "'" +
                              detail::did_you_mean(name, known));
}

EH_CODE Table& Table::add_cells(std::vector<Cell> row) {
  if (row.size() != columns_.size())
    throw std::invalid_argument("cannot add a row of " +
                                std::to_string(row.size()) +
                                " values to a table of " +
                                std::to_string(columns_.size()) + " columns");
  for (std::size_t i = 0; i < row.size(); ++i)
    columns_[i].cells.push_back(std::move(row[i]));
  return *this;
}

EH_CODE Table& Table::add_column_of(std::string name, std::vector<Cell> cells) {
  if (!columns_.empty() && cells.size() != row_count())
    throw std::invalid_argument("cannot add the column '" + name + "' of " +
                                std::to_string(cells.size()) +
                                " values to a table of " +
                                std::to_string(row_count()) + " rows");
  columns_.push_back({std::move(name), std::move(cells)});
  return *this;
}

}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_CODE_TABLE_HPP
