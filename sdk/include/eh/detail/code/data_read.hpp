// The code of data_read.hpp.
#ifndef EH_DETAIL_CODE_DATA_READ_HPP
#define EH_DETAIL_CODE_DATA_READ_HPP

#include <eh/detail/data_read.hpp>

namespace eh EH_HIDDEN {
namespace detail {

EH_CODE std::vector<const eh_item*> DataReader::cells_of(const eh_item* table) {
  std::vector<const eh_item*> cells;
  const eh_item* end = next_item(table);
  for (const eh_item* at = table + 1 + table->count; at < end;
       at = next_item(at))
    cells.push_back(at);
  return cells;
}

EH_CODE void DataReader::refuse_numbers_as_names(const eh_item* table) {
  bool are_numbered = true;
  for (std::size_t i = 0; i < table->count; ++i) {
    const std::string_view name = item_text(table[1 + i]);
    double value = 0;
    const auto end = name.data() + name.size();
    if (name.empty() || std::from_chars(name.data(), end, value).ptr != end)
      return;
    are_numbered = are_numbered && name == std::to_string(i);
  }
  if (table->count > 0 && !are_numbered)
    throw DataMismatch(table[1],
                       "expected the columns' names in the first line, not "
                       "numbers (write names there, or use .txt or .npy)");
}

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_CODE_DATA_READ_HPP
