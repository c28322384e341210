#include "export/npz.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/text.h"
#include "data/items.h"
#include "data/npy_header.h"
#include "data/zip.h"
#include "os/fd.h"
#include "os/scratch_file.h"

namespace eh::host {
namespace {

constexpr std::size_t block_size = 16 * 1024;
constexpr std::size_t part_size = 64 * 1024;
// Bytes of one array. A single long text makes all elements as long.
constexpr std::uint64_t most_of_texts = std::uint64_t{4} << 30;

using CellSize = std::uint32_t;

void check_size(const std::string& column, const DtypeGuess::Dtype& dtype,
                std::uint64_t rows) {
  if (dtype.element != EH_STRING || rows == 0 ||
      dtype.size <= most_of_texts / rows)
    return;
  throw DataError(
      "column '" + printable(column) +
      "' is too long for an array: the longest of its " + std::to_string(rows) +
      " texts has " + std::to_string(dtype.characters) +
      " characters, and all take as much room (use .csv or .jsonl)");
}

}  // namespace

// Makes the elements of an array, part by part, of the cells of its column.
class NpzTable::Elements {
 public:
  Elements(int file, const Column& column, DtypeGuess::Dtype dtype,
           std::string header)
      : file_(file),
        column_(&column),
        dtype_(std::move(dtype)),
        part_(std::move(header)) {}

  std::string_view next() {
    if (!std::exchange(has_begun_, true)) return part_;
    part_.clear();
    while (part_.size() < part_size && (!rest_.empty() || read_block())) {
      CellSize size = 0;
      std::memcpy(&size, rest_.data(), sizeof size);
      append_cell(part_, dtype_, rest_.substr(sizeof size, size));
      rest_.remove_prefix(sizeof size + size);
    }
    if (part_.empty()) part_ = cells_ = std::string();  // there may be many
    return part_;
  }

 private:
  bool read_block() {
    if (block_ == column_->blocks.size()) return false;
    const auto [begin, size] = column_->blocks[block_++];
    cells_.resize(size);
    for (std::size_t done = 0; done < size;) {
      const auto n = ::pread(file_, cells_.data() + done, size - done,
                             static_cast<off_t>(begin + done));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) throw scratch_file_error(n < 0 ? errno : EIO);
      done += static_cast<std::size_t>(n);
    }
    rest_ = cells_;
    return true;
  }

  int file_;
  const Column* column_;
  DtypeGuess::Dtype dtype_;
  std::string part_;
  bool has_begun_ = false;
  std::size_t block_ = 0;
  std::string cells_;
  std::string_view rest_;
};

NpzTable::NpzTable(const std::vector<std::string>& columns,
                   const std::vector<ColumnType>& types)
    : file_(open_scratch_file()) {
  require_zip();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto type = i < types.size() ? types[i] : ColumnType::any;
    columns_.push_back({columns[i], ArrayGuess(type), {}, {}});
  }
}

void NpzTable::row(const std::vector<std::string_view>& cells) {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    auto& column = columns_[i];
    const auto cell = cells[i];
    column.guess.add(cell);
    const auto size = static_cast<CellSize>(cell.size());
    column.cells.append(reinterpret_cast<const char*>(&size), sizeof size);
    column.cells += cell;
    if (column.cells.size() >= block_size) spill(column);
  }
  ++rows_;
}

void NpzTable::spill(Column& column) {
  const auto& cells = column.cells;
  if (const int error = child::write_all(file_.get(), cells))
    throw scratch_file_error(error);
  column.blocks.push_back({end_, cells.size()});
  end_ += cells.size();
  column.cells.clear();
}

void NpzTable::write(Out& out) {
  std::vector<ZipMember> members;
  for (auto& column : columns_) {
    if (!column.cells.empty()) spill(column);
    const auto dtype = column.guess.dtype();
    check_size(column.name, dtype, rows_);
    MemoryOut header;
    write_npy_header(python_text(dtype.name), {rows_}, header);
    const auto size = header.bytes.size() + rows_ * dtype.size;
    members.push_back({column.name + ".npy", size,
                       [elements = Elements(file_.get(), column, dtype,
                                            header.bytes)]() mutable {
                         return elements.next();
                       }});
  }
  write_zip(std::move(members), ZipRoom::scratch_file, out);
}

}  // namespace eh::host
