#include "export/writer.h"

#include "base/error.h"
#include "base/text.h"
#include "data/codec.h"
#include "data/csv.h"
#include "data/items.h"
#include "json/members.h"
#include "json/write.h"

namespace eh::host {
namespace {

// Passes on what an .npz file consists of.
class SinkOut : public Out {
 public:
  explicit SinkOut(TextSink& sink) : sink_(sink) {}
  void write(std::string_view bytes) override { sink_.write(bytes); }

 private:
  TextSink& sink_;
};

struct Named {
  std::string_view ending;
  TableFormat format;
};
constexpr Named named[] = {{".csv", TableFormat::csv},
                           {".tsv", TableFormat::tsv},
                           {".json", TableFormat::json},
                           {".jsonl", TableFormat::jsonl},
                           {".npz", TableFormat::npz}};

// A real number that JSON cannot say.
bool is_real(std::string_view json) {
  return json == "\"nan\"" || json == "\"inf\"" || json == "\"-inf\"";
}

std::string_view unquoted(std::string_view json) {
  return json.substr(1, json.size() - 2);
}

// What Excel and LibreOffice compute instead of showing it. A number is none.
bool is_like_a_formula(std::string_view text) {
  if (parse_number<double>(text)) return false;
  for (const std::string_view sign :
       {"=", "+", "-", "@", "\t", "\r", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"})
    if (text.starts_with(sign)) return true;
  return false;
}

}  // namespace

std::optional<TableFormat> find_table_format(const std::string& path) {
  const auto ending = ending_of(path);
  for (const auto& [its, format] : named)
    if (ending.format == its &&
        (format != TableFormat::npz || ending.codec.empty()))
      return format;
  return std::nullopt;
}

TableFormat table_format(const std::string& path) {
  if (path == "-") return TableFormat::csv;
  if (const auto format = find_table_format(path)) return *format;
  throw Error(exit_usage, "cannot export to '" + printable(path) +
                              "': its name ends in none of .csv, .tsv, .json, "
                              ".jsonl, each also with " +
                              codec_endings() +
                              ", "
                              "and .npz (-o results.csv, or '-' for stdout)");
}

TableWriter::TableWriter(TextSink& sink, TableFormat format,
                         const std::vector<std::string>& columns,
                         const std::vector<ColumnType>& types, bool spreadsheet)
    : sink_(sink),
      format_(format),
      separator_(format == TableFormat::tsv ? '\t' : ','),
      spreadsheet_(spreadsheet) {
  if (format == TableFormat::npz) {
    in_arrays([&] { arrays_.emplace(columns, types); });
    return;
  }
  if (format == TableFormat::json || format == TableFormat::jsonl) {
    for (const auto& column : columns) keys_.push_back(json_string(column));
    for (auto& key : keys_) key += ':';
    return;
  }
  for (const auto& column : columns) {
    if (&column != &columns[0]) line_ += separator_;
    if (spreadsheet_ && is_like_a_formula(column)) line_ += '\'';
    append_csv_word(line_, column, separator_);
  }
  sink_.write(line_ + '\n');
}

void TableWriter::append_text(std::string_view text) {
  if (spreadsheet_ && is_like_a_formula(text))
    append_csv_text(line_, "'" + std::string(text), separator_);
  else
    append_csv_text(line_, text, separator_);
}

void TableWriter::separated_row(const Cells& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto cell = cells[i];
    if (i > 0) line_ += separator_;
    if (cell.empty()) continue;
    if (!cell.starts_with('"') || is_real(cell))
      append_csv_word(line_, is_real(cell) ? unquoted(cell) : cell, separator_);
    else
      append_text(json_characters(cell));
  }
  line_ += '\n';
}

template <class Call>
void TableWriter::in_arrays(const Call& call) {
  try {
    call();
  } catch (const FileError& error) {
    sink_.fail(error.what());
  }
}

void TableWriter::row(const Cells& cells) {
  if (arrays_) return in_arrays([&] { arrays_->row(cells); });
  line_.clear();
  if (keys_.empty()) {
    separated_row(cells);
  } else {
    if (format_ == TableFormat::json) line_ += first_ ? "[\n" : ",\n";
    for (std::size_t i = 0; i < cells.size(); ++i) {
      line_ += i == 0 ? '{' : ',';
      line_ += keys_[i];
      line_ += cells[i].empty() ? "null" : cells[i];
    }
    line_ += '}';
    if (format_ == TableFormat::jsonl) line_ += '\n';
  }
  first_ = false;
  sink_.write(line_);
}

void TableWriter::finish() {
  if (arrays_) {
    SinkOut out(sink_);
    in_arrays([&] { arrays_->write(out); });
  }
  if (format_ == TableFormat::json) sink_.write(first_ ? "[]\n" : "\n]\n");
  sink_.finish();
}

}  // namespace eh::host
