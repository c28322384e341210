// Tables, row by row, in the format that a file's name tells.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "export/column_type.h"
#include "export/npz.h"
#include "export/sink.h"

namespace eh::host {

enum class TableFormat { csv, tsv, json, jsonl, npz };

/// By the ending of a file's name, if a table can be written to it.
std::optional<TableFormat> find_table_format(const std::string& path);

/// The same; "-" is CSV. Throws Error (usage), with the endings that there are.
TableFormat table_format(const std::string& path);

/// A cell is the JSON text of a value, or empty where there is none.
using Cells = std::vector<std::string_view>;

/// CSV as in data/csv.h, and TSV the same way with tabs: "nan" and "inf" for
/// reals, lists as JSON. In JSON what there is not is null, and a real that
/// JSON cannot say a text. NPZ has an array for each column, with types
/// (export/table_array.h). All of it throws Error (write).
class TableWriter {
 public:
  /// `types` of the columns; those after the last one may be any.
  /// With `spreadsheet`, texts of CSV and TSV that a spreadsheet would take for
  /// a formula, such as "=1+1", have an apostrophe before them.
  TableWriter(TextSink& sink, TableFormat format,
              const std::vector<std::string>& columns,
              const std::vector<ColumnType>& types = {},
              bool spreadsheet = false);
  void row(const Cells& cells);
  void finish();

 private:
  void separated_row(const Cells& cells);
  void append_text(std::string_view text);
  template <class Call>
  void in_arrays(const Call& call);

  TextSink& sink_;
  const TableFormat format_;
  const char separator_;
  const bool spreadsheet_;
  std::vector<std::string> keys_;  // of JSON, with their quotes and colon
  std::string line_;
  bool first_ = true;
  std::optional<NpzTable> arrays_;
};

}  // namespace eh::host
