// A value as columns and rows, which is what CSV and NumPy's records have. What
// a value looks like as one:
//
//   a table                    itself
//   a list of structs or maps  a column for each key of any, nothing where a
//                              row lacks it
//   a struct or map            one row; if all that is in it are lists, a
//                              column each
//   a list of lists, or a      columns named 0, 1, ...
//   two-dimensional array
//   a list, an array           one column named "value"
//   a number, a text           that, with one row
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "data/items.h"

namespace eh::host {

class GridColumn {
 public:
  std::string name;
  std::uint32_t element = EH_ELEMENT_ANY;  ///< if it is known

  /// An item that is valid until the next call.
  const eh_item* cell(std::size_t row) {
    if (!data_) return cells_[row * step_];
    scratch_ = make(row);
    return &scratch_;
  }
  /// Where the numbers lie, if they do so one `stride` behind the other.
  const char* numbers() const { return data_; }
  std::size_t stride() const { return step_; }

 private:
  friend class GridMaker;
  eh_item make(std::size_t row) const;

  const eh_item* const* cells_ = nullptr;
  const char* data_ = nullptr;
  std::size_t step_ = 1;  // of cells, or bytes
  eh_item scratch_{};
};

struct Grid {
  std::vector<GridColumn> columns;
  std::size_t rows = 0;
  // What columns point into.
  std::vector<const eh_item*> cells;
  std::deque<eh_item> made;
};

/// Throws DataError for what has no such form: "a list of lists that differ in
/// length", "an array of 3 dimensions", rows that have no columns.
Grid grid_of(const eh_item* value);

/// Whether it is a struct or map in which are lists and nothing else.
bool is_of_lists(const eh_item& map);

}  // namespace eh::host
