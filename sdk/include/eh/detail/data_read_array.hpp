// The part of data_read.hpp for eh::Array and eh::Table.
#ifndef EH_DETAIL_DATA_READ_ARRAY_HPP
#define EH_DETAIL_DATA_READ_ARRAY_HPP

#include <eh/detail/data_read.hpp>
#include <map>

namespace eh EH_HIDDEN {
namespace detail {

template <class T>
void DataReader::read_array(const eh_item* item, Array<T>& array) const {
  array.values.clear();
  array.shape.clear();
  if (item->kind == EH_ITEM_ARRAY) {
    for (std::size_t i = 1; i <= item->count; ++i)
      array.shape.push_back(item[i].as.natural);
    return read_memory(*item, array);
  }
  if (item->kind == EH_ITEM_MAP && item->count > 0)
    throw DataMismatch(*item,
                       "expected an array, not several by name, such as "
                       "'" +
                           std::string(item_text(item[1])) +
                           "' (read a map or a struct)");
  if (item->kind == EH_ITEM_TABLE) {
    refuse_numbers_as_names(item);
    // The rows; unless it is what becomes of a list.
    const std::vector<const eh_item*> cells = cells_of(item);
    const std::size_t width = item->count;
    array.shape = {width == 0 ? 0 : cells.size() / width};
    if (width != 1 || item_text(item[1]) != "value")
      array.shape.push_back(width);
    for (std::size_t i = 0; i < cells.size(); ++i)
      within([&] { decode_number(*cells[i], array.values.emplace_back()); },
             "[" + std::to_string(i / width) + "]." +
                 std::string(item_text(item[1 + i % width])));
    return;
  }
  collect(item, array, 0, true);
}

/// The numbers of an array whose shape is known.
template <class T>
void DataReader::read_memory(const eh_item& item, Array<T>& array) const {
  const std::size_t size = shape_size(array.shape);
  auto data = static_cast<const char*>(item.as.data);
  array.values.resize(size);
  if (item.element == memory_element<T>()) {
    if (size > 0) std::memcpy(array.values.data(), data, size * sizeof(T));
    return;
  }
  const std::size_t step = memory_size(item.element);
  for (std::size_t i = 0; i < size; ++i, data += step) try {
      decode_number(memory_item(item.element, data), array.values[i]);
    } catch (DataMismatch& mismatch) {
      std::size_t rest = i;
      for (std::size_t k = array.shape.size(); k-- > 0;) {
        mismatch.trail.insert(
            0, "[" + std::to_string(rest % array.shape[k]) + "]");
        rest /= array.shape[k];
      }
      throw;
    }
}

// Numbers in lists, all of the same lengths at each depth. `is_first`: none
// was met before at this depth, so that lengths are to be learnt.
template <class T>
void DataReader::collect(const eh_item* item, Array<T>& array,
                         std::size_t depth, bool is_first) const {
  const auto begin = [&](std::size_t length) {
    if (is_first)
      array.shape.push_back(length);
    else if (depth >= array.shape.size() || array.shape[depth] != length)
      throw DataMismatch(
          *item, depth >= array.shape.size()
                     ? "expected a number, not a list"
                     : "expected " + counted(array.shape[depth], "element") +
                           ", not " + std::to_string(length));
  };
  if (item->kind == EH_ITEM_LIST) {
    begin(item->count);
    const eh_item* at = item + 1;
    for (std::size_t i = 0; i < item->count; ++i, at = next_item(at))
      within([&] { collect(at, array, depth + 1, is_first && i == 0); },
             "[" + std::to_string(i) + "]");
    return;
  }
  if (item->kind == EH_ITEM_WORD && depth > 0) {
    std::vector<T> line;  // of a .txt: several numbers are a dimension more
    read_words(item, line);
    const bool is_row =
        is_first ? line.size() != 1 : depth < array.shape.size();
    if (is_row) {
      begin(line.size());
      array.values.insert(array.values.end(), line.begin(), line.end());
      return;
    }
  }
  if (depth < array.shape.size()) refuse_item(*item, "a list");
  decode_number(*item, array.values.emplace_back());
}

/// As exactly as a cell can be.
inline Cell cell_of(const eh_item& item) {
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

inline void DataReader::read_table(const eh_item* item, Table& table) const {
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
inline void DataReader::read_records(const eh_item* list, Table& table) const {
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

#endif  // EH_DETAIL_DATA_READ_ARRAY_HPP
