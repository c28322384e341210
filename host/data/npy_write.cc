#include "data/npy_write.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "data/elements.h"
#include "data/grid.h"
#include "data/npy_header.h"
#include "data/numpy_type.h"

namespace eh::host {
namespace {

using Shape = NpyShape;

// ---- Arrays, and lists that are such.

bool is_nested(const eh_item& item) {
  return item.kind == EH_ITEM_LIST || item.kind == EH_ITEM_ARRAY;
}

Shape shape_of(const eh_item& item) {
  Shape shape;
  if (item.kind == EH_ITEM_ARRAY) {
    for (std::uint64_t i = 1; i <= item.count; ++i)
      shape.push_back((&item)[i].as.natural);
  } else if (item.kind == EH_ITEM_LIST) {
    Shape inner;
    bool first = true;
    for (auto at = &item + 1; at < behind(&item); at = behind(at)) {
      auto other = shape_of(*at);
      if (first)
        inner = std::move(other);
      else if (other != inner)
        throw DataError("a list of what has the shapes " + shape_text(inner) +
                        " and " + shape_text(other) +
                        " is not an array (use .json)");
      first = false;
    }
    shape = std::move(inner);
    shape.insert(shape.begin(), item.count);
  }
  return shape;
}

template <class Each>
void for_each_element(const eh_item& item, const Each& each) {
  if (item.kind == EH_ITEM_ARRAY) {
    const auto size = element_size(item.element);
    auto data = static_cast<const char*>(item.as.data);
    for (auto n = array_size(item); n > 0; --n, data += size)
      each(element_item(item.element, data));
  } else if (item.kind == EH_ITEM_LIST) {
    for (auto at = &item + 1; at < behind(&item); at = behind(at))
      for_each_element(*at, each);
  } else {
    each(item);
  }
}

// The type of the numbers, if all that is in it are arrays of one.
std::uint32_t element_of(const eh_item& item) {
  if (item.kind == EH_ITEM_ARRAY) return item.element;
  if (item.kind != EH_ITEM_LIST) return EH_ELEMENT_ANY;
  if (item.count == 0 || !is_nested((&item)[1])) return item.element;
  const auto first = element_of((&item)[1]);
  for (auto at = &item + 1; at < behind(&item); at = behind(at))
    if (element_of(*at) != first) return EH_ELEMENT_ANY;
  return first;
}

void write_array(const eh_item& item, Out& out) {
  const auto shape = shape_of(item);
  if (std::find(shape.begin(), shape.end(), 0u) != shape.end() &&
      !has_few_lists(shape))
    throw DataError("an array of the shape " + shape_text(shape) +
                    " has no elements, and too many lists");
  if (item.kind == EH_ITEM_ARRAY) {
    write_npy_header(python_text(dtype_name(item.element)), shape, out);
    out.write({static_cast<const char*>(item.as.data),
               array_size(item) * element_size(item.element)});
    return;
  }
  DtypeGuess guess(element_of(item));
  for_each_element(item, [&](const eh_item& one) { guess.add(one); });
  const auto dtype = guess.dtype();
  write_npy_header(python_text(dtype.name), shape, out);
  TextOut bytes(out);
  for_each_element(item, [&](const eh_item& one) {
    append_element(bytes.text(), dtype, one);
    bytes.pass_on();
  });
  bytes.flush();
}

// ---- Records.

std::vector<DtypeGuess::Dtype> dtypes_of(Grid& grid) {
  std::vector<DtypeGuess::Dtype> dtypes;
  for (auto& column : grid.columns) {
    DtypeGuess guess(column.element);
    try {
      for (std::size_t row = 0; row < grid.rows; ++row)
        guess.add(*column.cell(row));
      dtypes.push_back(guess.dtype());
    } catch (const FileError& error) {
      throw DataError("column '" + column.name + "': " + error.what());
    }
  }
  return dtypes;
}

void write_records(const eh_item* value, Out& out) {
  auto grid = grid_of(value);
  std::set<std::string_view> names;
  for (const auto& column : grid.columns)
    if (!names.insert(column.name).second)
      throw DataError("there are two columns '" + column.name +
                      "', which NumPy does not read (use .csv)");
  const auto dtypes = dtypes_of(grid);
  std::string descr = "[";
  for (std::size_t i = 0; i < dtypes.size(); ++i)
    descr += (i > 0 ? ", (" : "(") + python_text(grid.columns[i].name) + ", " +
             python_text(dtypes[i].name) + ")";
  write_npy_header(descr + "]", {grid.rows}, out);
  TextOut bytes(out);
  for (std::size_t row = 0; row < grid.rows; ++row) {
    for (std::size_t i = 0; i < dtypes.size(); ++i)
      append_element(bytes.text(), dtypes[i], *grid.columns[i].cell(row));
    bytes.pass_on();
  }
  bytes.flush();
}

bool is_records(const eh_item& item) {
  if (item.kind == EH_ITEM_TABLE) return true;
  if (item.kind != EH_ITEM_LIST || item.count == 0) return false;
  for (auto at = &item + 1; at < behind(&item); at = behind(at))
    if (at->kind != EH_ITEM_MAP) return false;
  return true;
}

}  // namespace

void write_npy(const eh_item* value, Out& out) {
  if (value->kind == EH_ITEM_MAP)
    throw DataError("a struct or map is not an array (use .npz or .json)");
  if (is_records(*value))
    write_records(value, out);
  else
    write_array(*value, out);
}

}  // namespace eh::host
