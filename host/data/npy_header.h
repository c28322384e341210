// What stands at the beginning of an .npy file: a dictionary as Python writes
// it, which tells of what type and shape the array is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/out.h"

namespace eh::host {

using NpyShape = std::vector<std::uint64_t>;

struct NpyField {
  std::string name;
  std::string dtype;  ///< "<f8"
};

struct NpyHeader {
  std::size_t size = 0;  ///< bytes before the elements
  bool is_record = false;
  std::vector<NpyField> fields;  ///< one without a name if it is not a record
  bool fortran_order = false;    ///< the first index runs fastest
  NpyShape shape;
  std::uint64_t count = 0;  ///< of elements
};

/// Throws DataError.
NpyHeader read_npy_header(std::string_view bytes);

/// What stands before the elements. `descr` is as Python writes it.
void write_npy_header(std::string_view descr, const NpyShape& shape, Out& out);

/// A text as Python writes it, in quotes.
std::string python_text(std::string_view text);

/// Whether an array without elements, or of such that take no memory, is read:
/// as lists it takes memory that nothing in its file stands for.
bool has_few_lists(const NpyShape& shape);

/// "(3, 4)".
std::string shape_text(const NpyShape& shape);

}  // namespace eh::host
