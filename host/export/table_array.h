// The array that NumPy needs for a column of a table.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "data/numpy_type.h"
#include "export/column_type.h"

namespace eh::host {

/// Finds the type of array that holds all cells of a column as they are: cells
/// as in export/writer.h.
///
///   whole numbers                     int64, or else uint64
///   numbers                           float64, with nan for none
///   true and false                    bool
///   anything else, and numbers that   <U, a text, "" for none; lists and what
///   a float64 does not hold exactly   is not text as JSON
class ArrayGuess {
 public:
  explicit ArrayGuess(ColumnType type) : type_(type) {}
  void add(std::string_view cell);
  DtypeGuess::Dtype dtype() const;

 private:
  void add_whole(std::string_view number);

  ColumnType type_;
  WholeNumbers whole_;
  bool has_none_ = false, has_bool_ = false, has_real_ = false;
  bool has_other_ = false;
  // Whole numbers that no integer type has.
  bool has_large_ = false, are_large_reals_ = true;
  std::uint64_t characters_ = 0;
};

/// Appends a cell's memory as an element of a type that ArrayGuess found.
void append_cell(std::string& out, const DtypeGuess::Dtype& dtype,
                 std::string_view cell);

}  // namespace eh::host
