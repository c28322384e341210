#include "export/table.h"

#include <stdio.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "base/error.h"
#include "data/items.h"
#include "os/scratch_file.h"

namespace eh::host {
namespace {

[[noreturn]] void fail(const FileError& error) {
  throw Error(exit_write,
              std::string("cannot gather the table: ") + error.what());
}

[[noreturn]] void fail() {
  fail(scratch_file_error(errno));
}

std::FILE* open_scratch() {
  try {
    return ::fdopen(open_scratch_file(), "w+");
  } catch (const FileError& error) {
    fail(error);
  }
}

const char* part_name(Part part) {
  return part == Part::parameters ? "parameters"
         : part == Part::results  ? "results"
                                  : "eh";
}

void append_number(std::string& out, std::size_t number) {
  const auto small = static_cast<std::uint32_t>(number);
  out.append(reinterpret_cast<const char*>(&small), sizeof small);
}

}  // namespace

ExportTable::ExportTable() : file_(open_scratch()) {
  if (!file_) fail();
}

std::size_t ExportTable::column(Part part, std::string_view name,
                                ColumnType type) {
  const auto [found, added] =
      index_.try_emplace({part, std::string(name)}, columns_.size());
  if (added) columns_.push_back({part, std::string(name), type});
  auto& known = columns_[found->second].type;
  if (known == ColumnType::any) known = type;
  return found->second;
}

void ExportTable::set(std::size_t column, std::string_view json) {
  append_number(row_, column);
  append_number(row_, json.size());
  row_ += json;
  ++cells_;
}

void ExportTable::spill(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size())
    fail();
}

void ExportTable::end_row() {
  std::string head;
  append_number(head, cells_);
  append_number(head, row_.size());
  spill(head);
  spill(row_);
  row_.clear();
  cells_ = 0;
  ++rows_;
}

std::vector<std::size_t> ExportTable::order() const {
  std::vector<std::size_t> out(columns_.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = i;
  std::stable_sort(out.begin(), out.end(), [this](auto a, auto b) {
    return columns_[a].part < columns_[b].part;
  });
  return out;
}

// The names of eh's own columns always mean the same.
std::vector<std::string> ExportTable::names() const {
  std::vector<std::string> names;
  std::set<std::string> taken;
  for (const auto& column : columns_)
    if (column.part == Part::identity || column.part == Part::outcome)
      taken.insert(column.name);
  for (const auto i : order()) {
    const auto& [part, name, type] = columns_[i];
    const bool own = part == Part::identity || part == Part::outcome;
    auto unique = name;
    while (!own && !taken.insert(unique).second)
      unique = std::string(part_name(part)) + '.' + unique;
    names.push_back(unique);
  }
  return names;
}

std::vector<ColumnType> ExportTable::types() const {
  std::vector<ColumnType> types;
  for (const auto i : order()) types.push_back(columns_[i].type);
  return types;
}

std::vector<std::string> ExportTable::names(Part part) const {
  const auto all = names();
  const auto in_order = order();
  std::vector<std::string> out;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (columns_[in_order[i]].part == part) out.push_back(all[i]);
  return out;
}

void ExportTable::for_each(const std::function<void(const Cells&)>& row) {
  const auto in_order = order();
  std::vector<std::size_t> place(in_order.size());
  for (std::size_t i = 0; i < in_order.size(); ++i) place[in_order[i]] = i;
  if (std::fflush(file_.get()) != 0) fail();
  std::rewind(file_.get());
  std::string text;
  Cells cells;
  auto read = [&](void* to, std::size_t size) {
    if (std::fread(to, 1, size, file_.get()) != size) fail();
  };
  for (; rows_ > 0; --rows_) {
    std::uint32_t head[2];
    read(head, sizeof head);
    text.resize(head[1]);
    read(text.data(), text.size());
    cells.assign(place.size(), {});
    const char* at = text.data();
    for (std::uint32_t cell = 0; cell < head[0]; ++cell) {
      std::uint32_t where[2];
      std::copy_n(at, sizeof where, reinterpret_cast<char*>(where));
      at += sizeof where;
      cells[place[where[0]]] = {at, where[1]};
      at += where[1];
    }
    row(cells);
  }
}

}  // namespace eh::host
