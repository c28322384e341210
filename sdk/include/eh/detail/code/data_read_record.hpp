// The code of data_read_record.hpp.
#ifndef EH_DETAIL_CODE_DATA_READ_RECORD_HPP
#define EH_DETAIL_CODE_DATA_READ_RECORD_HPP

#include <eh/detail/data_read_record.hpp>

namespace eh EH_HIDDEN {
namespace detail {

/// A table as an object: its only row, or its columns.
EH_CODE std::vector<eh_item> DataReader::object_of(const eh_item* table,
                                                   bool of_columns) {
  const std::vector<const eh_item*> cells = cells_of(table);
  const std::size_t width = table->count;
  const std::size_t rows = width == 0 ? 0 : cells.size() / width;
  if (!of_columns && rows != 1 && width > 0)
    throw DataMismatch(*table, "expected one row, not " + std::to_string(rows));
  std::vector<eh_item> object(1, *table);
  object[0].kind = EH_ITEM_MAP;
  for (std::size_t i = 0; i < width; ++i) {
    object.push_back(table[1 + i]);
    const std::size_t list = object.size();
    if (of_columns) {
      object.push_back(table[1 + i]);
      object[list].kind = EH_ITEM_LIST;
      object[list].count = rows;
    }
    for (std::size_t row = 0; row < rows; ++row)
      object.insert(object.end(), cells[row * width + i],
                    next_item(cells[row * width + i]));
    if (of_columns) object[list].as.natural = object.size() - list - 1;
  }
  object[0].as.natural = object.size() - 1;
  return object;
}

/// Lists or arrays, a column each, as a table.
EH_CODE std::vector<eh_item> DataReader::table_of(const eh_item* columns) {
  struct Column {
    const eh_item* cell;  // of a list; else
    std::uint32_t element;
    const char* data;
  };
  std::vector<Column> all;
  std::vector<eh_item> table(1, *columns);
  table[0].kind = EH_ITEM_TABLE;
  std::size_t rows = 0;
  for (const eh_item* at = columns + 1; at < next_item(columns);
       at = next_item(at + 1)) {
    const eh_item& column = at[1];
    within(
        [&] {
          const bool is_list = column.kind == EH_ITEM_LIST;
          if (!is_list && (column.kind != EH_ITEM_ARRAY || column.count != 1))
            refuse_item(column, "a column");
          const std::size_t length = is_list ? column.count : at[2].as.natural;
          if (!all.empty() && length != rows)
            throw DataMismatch(column, "expected " + counted(rows, "row") +
                                           ", not " + std::to_string(length));
          rows = length;
          if (is_list)
            all.push_back({at + 2, EH_ELEMENT_ANY, nullptr});
          else
            all.push_back({nullptr, column.element,
                           static_cast<const char*>(column.as.data)});
        },
        std::string(item_text(*at)));
    table.push_back(*at);
  }
  for (; rows > 0; --rows)
    for (Column& column : all)
      if (column.cell) {
        const eh_item* next = next_item(column.cell);
        table.insert(table.end(), column.cell, next);
        column.cell = next;
      } else {
        table.push_back(memory_item(column.element, column.data));
        column.data += memory_size(column.element);
      }
  table[0].as.natural = table.size() - 1;
  return table;
}

EH_CODE void DataReader::refuse_missing(
    const eh_item& item, std::string_view name,
    const std::vector<std::string_view>& known) {
  throw DataMismatch(item, "there is no '" + std::string(name) + "'" +
                               did_you_mean(name, known));
}

EH_CODE void DataReader::refuse_twice(const eh_item& item,
                                      std::string_view name) {
  throw DataMismatch(item, "'" + std::string(name) + "' is there twice");
}

EH_CODE std::vector<std::string_view> DataReader::keys_of(const eh_item* map) {
  std::vector<std::string_view> keys;
  for (const eh_item* at = map + 1; at < next_item(map); at = next_item(at + 1))
    keys.push_back(item_text(*at));
  return keys;
}

EH_CODE const eh_item* DataReader::find_key_between(const eh_item* begin,
                                                    const eh_item* end,
                                                    std::string_view name) {
  for (const eh_item* at = begin; at < end; at = next_item(at + 1))
    if (item_text(*at) == name) return at;
  return nullptr;
}

EH_CODE const eh_item* DataReader::find_key(const eh_item* map,
                                            const eh_item* from,
                                            std::string_view name) {
  const eh_item* found = find_key_between(from, next_item(map), name);
  return found ? found : find_key_between(map + 1, from, name);
}

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_CODE_DATA_READ_RECORD_HPP
