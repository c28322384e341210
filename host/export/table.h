// The table of results: one row an experiment, gathered in one pass over the
// leaves. Which results there are shows only at its end, so the rows wait in a
// temporary file; memory does not grow with their number.
#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "export/writer.h"

namespace eh::host {

/// Where a column stands: they come in this order, and within one part in that
/// in which they were first named.
enum class Part { identity, parameters, results, outcome };

class ExportTable {
 public:
  ExportTable();
  /// The index of a column, which is made if it is new; it has the first type
  /// that is said and is not `any`.
  std::size_t column(Part part, std::string_view name,
                     ColumnType type = ColumnType::any);

  /// A cell of the row that is being made: a JSON text.
  void set(std::size_t column, std::string_view json);
  /// Ends the row. Throws Error (write) where temporary files cannot be.
  void end_row();

  /// The columns in their order, by what they are called in the table: a name
  /// that stands in several parts is "results.seed" in all but the first.
  std::vector<std::string> names() const;
  /// Of all of these.
  std::vector<ColumnType> types() const;
  /// Of the names, those of one part.
  std::vector<std::string> names(Part part) const;
  /// Calls `row` with the cells of each, in that order. To be called once.
  void for_each(const std::function<void(const Cells&)>& row);

 private:
  std::vector<std::size_t> order() const;
  void spill(std::string_view bytes);

  struct Column {
    Part part;
    std::string name;
    ColumnType type;
  };
  struct Closed {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::vector<Column> columns_;
  std::map<std::pair<Part, std::string>, std::size_t, std::less<>> index_;
  std::string row_;  // (column, size, text) one after the other
  std::uint32_t cells_ = 0;
  std::size_t rows_ = 0;
  std::unique_ptr<std::FILE, Closed> file_;
};

}  // namespace eh::host
