// The code of data_read_array.hpp.
#ifndef EH_DETAIL_CODE_DATA_READ_ARRAY_HPP
#define EH_DETAIL_CODE_DATA_READ_ARRAY_HPP

#include <eh/detail/data_read_array.hpp>
#include <map>

namespace eh EH_HIDDEN {
namespace detail {

EH_CODE Cell cell_of(const eh_item& item) {
  if (is_nothing(item)) return {};
  switch (item.kind) {
    case EH_ITEM_BOOL:
      return item.as.natural != 0;
    case EH_ITEM_INTEGER:
      return item.as.integer;
    case EH_ITEM_NATURAL:
      return item.as.natural;
    case EH_ITEM_REAL:
      return item.as.real;
    case EH_ITEM_SINGLE:
      return static_cast<float>(item.as.real);
    case EH_ITEM_TEXT:
      return std::string(item_text(item));
    case EH_ITEM_NUMBER:
    case EH_ITEM_WORD:
      break;
    default:
      refuse_item(item, "a number or a text");
  }
  const std::string_view text = item_text(item);
  if (text == "true" || text == "True") return true;
  if (text == "false" || text == "False") return false;
  std::int64_t integer = 0;
  // -0 is not an integer.
  if (parse_number(text, integer) && (integer != 0 || text[0] != '-'))
    return integer;
  if (std::uint64_t natural = 0; parse_number(text, natural)) return natural;
  if (double real = 0; parse_number(text, real)) return real;
  return std::string(text);
}

EH_CODE void DataReader::read_table(const eh_item* item, Table& table) const {
  if (item->kind == EH_ITEM_LIST) return read_records(item, table);
  if (item->kind == EH_ITEM_MAP)
    return read_table(table_of(item).data(), table);
  if (item->kind != EH_ITEM_TABLE) refuse_item(*item, "a table");
  std::vector<std::string> names;
  for (std::size_t i = 1; i <= item->count; ++i)
    names.emplace_back(item_text(item[i]));
  table = Table(std::move(names));
  std::vector<Cell> row;
  for (const eh_item* cell : cells_of(item)) {
    row.push_back(cell_of(*cell));
    if (row.size() < item->count) continue;
    table.add_cells(std::move(row));
    row.clear();
  }
}

/// Objects, which may lack some of the keys.
EH_CODE void DataReader::read_records(const eh_item* list, Table& table) const {
  std::vector<std::string> names;
  std::map<std::string_view, std::size_t> numbers;
  const auto for_each_object = [&](const auto& visit) {
    for (const eh_item* at = list + 1; at < next_item(list);
         at = next_item(at)) {
      if (at->kind != EH_ITEM_MAP) refuse_item(*at, "an object for each row");
      visit(at);
    }
  };
  const auto for_each_member = [](const eh_item* object, const auto& visit) {
    for (const eh_item* at = object + 1; at < next_item(object);
         at = next_item(at + 1))
      visit(*at, at[1]);
  };
  for_each_object([&](const eh_item* object) {
    for_each_member(object, [&](const eh_item& key, const eh_item&) {
      const std::string_view name = item_text(key);
      if (numbers.try_emplace(name, names.size()).second)
        names.emplace_back(name);
    });
  });
  // A small file is not to take all memory.
  const std::size_t cells = list->count * names.size();
  if (cells > 1'000'000 && cells / 64 > list->as.natural)
    throw DataMismatch(*list, std::to_string(list->count) + " rows of " +
                                  std::to_string(names.size()) +
                                  " columns, most of which are empty, make no "
                                  "table");
  table = Table(std::move(names));
  std::vector<std::size_t> seen(numbers.size());  // in which row, from 1
  for_each_object([&](const eh_item* object) {
    std::vector<Cell> row(numbers.size());
    for_each_member(object, [&](const eh_item& key, const eh_item& cell) {
      const std::size_t column = numbers[item_text(key)];
      if (seen[column] == table.row_count() + 1)
        refuse_twice(key, item_text(key));
      seen[column] = table.row_count() + 1;
      row[column] = cell_of(cell);
    });
    table.add_cells(std::move(row));
  });
}

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_CODE_DATA_READ_ARRAY_HPP
