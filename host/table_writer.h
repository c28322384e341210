// Tables as text, row by row, in the format that a file's name tells.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "file.h"

namespace eh::host {

/// Where text goes: a file that is there whole or not at all, or stdout.
class TextSink {
 public:
  /// "-" is stdout. Throws Error (write).
  explicit TextSink(const std::string& path);
  /// Removes the temporary file of one that was not finished.
  ~TextSink();
  TextSink(const TextSink&) = delete;
  TextSink& operator=(const TextSink&) = delete;
  void write(std::string_view text);
  /// Gives the file its name.
  void finish();

 private:
  void flush();
  [[noreturn]] void fail(int error) const;
  std::string path_, temporary_;
  Fd fd_;
  std::string text_;
};

enum class TableFormat { csv, tsv, json, jsonl };

/// By the ending of a file's name; "-" is CSV. Throws Error (usage), with the
/// endings that there are.
TableFormat table_format(const std::string& path);

/// A cell is the JSON text of a value, or empty where there is none.
using Cells = std::vector<std::string_view>;

/// CSV as in RFC 4180 with "\n" at the ends of lines, and TSV the same way with
/// tabs: texts without quotes where they can be, "nan" and "inf" for reals,
/// lists as JSON. In JSON what there is not is null, and a real that JSON
/// cannot say a text.
class TableWriter {
 public:
  TableWriter(TextSink& sink, TableFormat format,
              std::vector<std::string> columns);
  void row(const Cells& cells);
  void finish();

 private:
  void separated_row(const Cells& cells);
  void append_field(std::string_view text);

  TextSink& sink_;
  const TableFormat format_;
  const char separator_;
  std::vector<std::string> keys_;  // of JSON, with their quotes and colon
  std::string line_;
  bool first_ = true;
};

}  // namespace eh::host
