#include "data/grid.h"

#include <algorithm>
#include <map>

#include "data/elements.h"

namespace eh::host {
namespace {

bool is_line(const eh_item& item) {
  return item.kind == EH_ITEM_LIST ||
         (item.kind == EH_ITEM_ARRAY && item.count == 1);
}

}  // namespace

eh_item GridColumn::make(std::size_t row) const {
  return element_item(element, data_ + row * step_);
}

class GridMaker {
 public:
  Grid make(const eh_item* value) {
    switch (value->kind) {
      case EH_ITEM_TABLE:
        table(*value);
        break;
      case EH_ITEM_ARRAY:
        array(*value);
        break;
      case EH_ITEM_LIST:
        list(*value);
        break;
      case EH_ITEM_MAP:
        if (is_of_lists(*value))
          columns(*value);
        else
          records({value});
        break;
      default:
        grid_.rows = 1;
        grid_.cells = {value};
        over_cells({"value"});
    }
    return std::move(grid_);
  }

 private:
  // Columns over cells that stand row by row.
  void over_cells(std::vector<std::string> names) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      auto& column = grid_.columns.emplace_back();
      column.name = std::move(names[i]);
      if (!grid_.cells.empty()) column.cells_ = grid_.cells.data() + i;
      column.step_ = names.size();
    }
  }

  void add_array(std::string name, const eh_item& array, const char* data,
                 std::size_t stride) {
    auto& column = grid_.columns.emplace_back();
    column.name = std::move(name);
    column.element = array.element;
    column.data_ = data;
    column.step_ = stride;
  }

  void table(const eh_item& table) {
    const auto count = table.count;
    const auto end = behind(&table);
    for (auto at = &table + 1 + count; at < end; at = behind(at))
      grid_.cells.push_back(at);
    grid_.rows = count == 0 ? 0 : grid_.cells.size() / count;
    std::vector<std::string> names;
    for (std::uint64_t i = 1; i <= count; ++i)
      names.emplace_back(text_of((&table)[i]));
    over_cells(std::move(names));
    for (std::uint64_t i = 0; i < count; ++i)
      grid_.columns[i].element = (&table)[i + 1].element;
  }

  void array(const eh_item& array) {
    const auto size = element_size(array.element);
    const auto data = static_cast<const char*>(array.as.data);
    if (array.count > 2)
      throw DataError("an array of " + std::to_string(array.count) +
                      " dimensions has no rows and columns");
    grid_.rows = array.count > 0 ? (&array)[1].as.natural : 1;
    if (array.count < 2) return add_array("value", array, data, size);
    const auto width = (&array)[2].as.natural;
    for (std::uint64_t i = 0; i < width; ++i)
      add_array(std::to_string(i), array,
                grid_.rows > 0 ? data + i * size : data, width * size);
  }

  void list(const eh_item& list) {
    std::vector<const eh_item*> elements;
    for (auto at = &list + 1; at < behind(&list); at = behind(at))
      elements.push_back(at);
    const auto all = [&](auto is) {
      return !elements.empty() &&
             std::all_of(elements.begin(), elements.end(),
                         [&](const eh_item* item) { return is(*item); });
    };
    if (all([](const eh_item& item) { return item.kind == EH_ITEM_MAP; }))
      return records(elements);
    if (all(is_line)) return lines(elements);
    grid_.rows = elements.size();
    grid_.cells = std::move(elements);
    over_cells({"value"});
    grid_.columns[0].element = list.element;
  }

  void records(const std::vector<const eh_item*>& maps) {
    std::vector<std::string> names;
    std::map<std::string_view, std::size_t> numbers;
    std::size_t items = 0;
    for (const auto* map : maps) items += 1 + items_in(*map);
    for (const auto* map : maps)
      for (auto at = map + 1; at < behind(map); at = behind(at + 1))
        if (numbers.emplace(text_of(*at), names.size()).second)
          names.emplace_back(text_of(*at));
    // What takes little memory is not to take all of it.
    const auto cells = maps.size() * names.size();
    if (cells > 1'000'000 && cells / 64 > items)
      throw DataError(std::to_string(maps.size()) + " rows of " +
                      std::to_string(names.size()) +
                      " columns, most of which are empty, make no table");
    static constexpr eh_item nothing{};
    grid_.rows = maps.size();
    grid_.cells.assign(maps.size() * names.size(), &nothing);
    for (std::size_t row = 0; row < maps.size(); ++row)
      for (auto at = maps[row] + 1; at < behind(maps[row]); at = behind(at + 1))
        grid_.cells[row * names.size() + numbers[text_of(*at)]] = at + 1;
    over_cells(std::move(names));
  }

  // Numbers of arrays are items of their own here, which are kept.
  void lines(const std::vector<const eh_item*>& lines) {
    std::vector<std::size_t> widths;
    for (const auto* line : lines)
      widths.push_back(line->kind == EH_ITEM_LIST ? line->count
                                                  : line[1].as.natural);
    const auto width = widths[0];
    for (const auto other : widths)
      if (other != width)
        throw DataError("a list of lists that differ in length (" +
                        std::to_string(width) + " and " +
                        std::to_string(other) + ") has no columns");
    grid_.rows = lines.size();
    for (const auto* line : lines) add_cells(*line);
    std::vector<std::string> names;
    for (std::size_t i = 0; i < width; ++i) names.push_back(std::to_string(i));
    over_cells(std::move(names));
  }

  void add_cells(const eh_item& line) {
    if (line.kind == EH_ITEM_LIST) {
      for (auto at = &line + 1; at < behind(&line); at = behind(at))
        grid_.cells.push_back(at);
      return;
    }
    const auto size = element_size(line.element);
    auto data = static_cast<const char*>(line.as.data);
    for (std::uint64_t i = 0; i < (&line)[1].as.natural; ++i, data += size)
      grid_.cells.push_back(
          &grid_.made.emplace_back(element_item(line.element, data)));
  }

  void columns(const eh_item& map) {
    std::vector<std::pair<const eh_item*, std::size_t>> later;
    bool first = true;
    for (auto at = &map + 1; at < behind(&map); at = behind(at + 1)) {
      const auto& line = at[1];
      const auto length =
          line.kind == EH_ITEM_LIST ? line.count : (&line)[1].as.natural;
      if (!first && length != grid_.rows)
        throw DataError("columns that differ in length ('" +
                        std::string(text_of(*at)) + "' has " +
                        std::to_string(length) + " and not " +
                        std::to_string(grid_.rows) + ") make no table");
      first = false;
      grid_.rows = length;
      if (line.kind == EH_ITEM_ARRAY) {
        add_array(std::string(text_of(*at)), line,
                  static_cast<const char*>(line.as.data),
                  element_size(line.element));
        continue;
      }
      auto& column = grid_.columns.emplace_back();
      column.name = text_of(*at);
      column.element = line.element;
      later.emplace_back(&line, grid_.columns.size() - 1);
    }
    for (const auto& [line, number] : later) add_cells(*line);
    auto cells = grid_.cells.data();
    for (const auto& [line, number] : later) {
      grid_.columns[number].cells_ = cells;
      cells += line->count;
    }
  }

  Grid grid_;
};

Grid grid_of(const eh_item* value) {
  auto grid = GridMaker().make(value);
  // Nothing would be left of them. An empty map reads back from nothing.
  if (grid.columns.empty() && grid.rows > 0 && value->kind != EH_ITEM_MAP)
    throw DataError("rows without columns have no form here (use .json)");
  return grid;
}

bool is_of_lists(const eh_item& map) {
  for (auto at = &map + 1; at < behind(&map); at = behind(at + 1))
    if (!is_line(at[1])) return false;
  return map.count > 0;
}

}  // namespace eh::host
