// Tables as .npz files: an array for each column. How long an array is and of
// what type shows only at the end, so the cells wait in a temporary file, those
// of a column together; memory does not grow with the number of rows.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/out.h"
#include "export/table_array.h"
#include "os/file.h"

namespace eh::host {

class NpzTable {
 public:
  /// Throws DataError where there is no libzip.
  NpzTable(const std::vector<std::string>& columns,
           const std::vector<ColumnType>& types);
  /// A cell for each column. Throws DataError.
  void row(const std::vector<std::string_view>& cells);
  /// Writes all of it. Throws DataError, and what `out` throws.
  void write(Out& out);

 private:
  struct Block {
    std::uint64_t begin, size;  // bytes in the file
  };
  struct Column {
    std::string name;
    ArrayGuess guess;
    std::string cells;  // each with its size before it
    std::vector<Block> blocks;
  };
  class Elements;

  void spill(Column& column);

  Fd file_;
  std::uint64_t end_ = 0;  // of the file
  std::uint64_t rows_ = 0;
  std::vector<Column> columns_;
};

}  // namespace eh::host
