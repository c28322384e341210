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
EH_CODE Cell cell_of(const eh_item& item);

}  // namespace detail
}  // namespace EH_HIDDEN

#if EH_DETAIL_CODE_HERE
#include <eh/detail/code/data_read_array.hpp>
#endif

#endif  // EH_DETAIL_DATA_READ_ARRAY_HPP
