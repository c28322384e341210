#include "data/npz.h"

#include <utility>
#include <vector>

#include "data/grid.h"
#include "data/npy_read.h"
#include "data/npy_write.h"
#include "data/zip.h"

namespace eh::host {
namespace {

ZipMember member(std::string name, const eh_item* value) {
  MemoryOut out;
  try {
    write_npy(value, out);
  } catch (const FileError& error) {
    throw DataError("'" + name + "': " + error.what());
  }
  const auto size = out.bytes.size();
  auto all = [bytes = std::move(out.bytes), taken = false]() mutable {
    return std::exchange(taken, true) ? std::string_view() : bytes;
  };
  return {std::move(name) + ".npy", size, std::move(all)};
}

// A column of cells, as the list that it is.
ZipMember column_member(GridColumn& column, std::size_t rows) {
  std::vector<eh_item> list(1);
  for (std::size_t row = 0; row < rows; ++row) {
    const auto* cell = column.cell(row);
    list.insert(list.end(), cell, behind(cell));
  }
  list[0].kind = EH_ITEM_LIST;
  list[0].element = column.element;
  list[0].count = rows;
  list[0].as.natural = list.size() - 1;
  return member(column.name, list.data());
}

std::vector<ZipMember> members_of(const eh_item* value) {
  std::vector<ZipMember> members;
  if (value->kind == EH_ITEM_MAP) {
    for (auto at = value + 1; at < behind(value); at = behind(at + 1))
      members.push_back(member(std::string(text_of(*at)), at + 1));
  } else if (value->kind == EH_ITEM_TABLE) {
    auto grid = grid_of(value);
    for (auto& column : grid.columns)
      members.push_back(column_member(column, grid.rows));
  } else {
    members.push_back(member("arr_0", value));
  }
  return members;
}

}  // namespace

void write_npz(const eh_item* value, Out& out) {
  write_zip(members_of(value), ZipRoom::memory, out);
}

void read_npz(std::string_view bytes, Items& items) {
  // Which libzip takes for an archive that has nothing in it.
  if (bytes.empty())
    throw DataError(
        "this is not a .npz file: it is empty (is the file whole?)");
  const ZipArchive archive(bytes);
  const auto map = items.open(EH_ITEM_MAP);
  for (std::uint64_t i = 0; i < archive.size(); ++i) {
    auto name = archive.name(i);
    try {
      const auto content = items.keep(archive.content(i));
      if (name.ends_with(".npy")) name.resize(name.size() - 4);
      items.add_text(EH_ITEM_TEXT, items.keep(name));
      read_npy(content, items);
    } catch (const FileError& error) {
      throw DataError("'" + name + "': " + error.what());
    }
  }
  items.close(map, archive.size());
}

}  // namespace eh::host
