#include "table_writer.h"

#include "data_codec.h"
#include "data_item.h"
#include "error.h"
#include "json_members.h"
#include "json_text.h"
#include "text.h"

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

}  // namespace

TableFormat table_format(const std::string& path) {
  if (path == "-") return TableFormat::csv;
  const auto ending = ending_of(path);
  for (const auto& [its, format] : named)
    if (ending.format == its &&
        (format != TableFormat::npz || ending.codec.empty()))
      return format;
  throw Error(exit_usage, "cannot export to '" + printable(path) +
                              "': its name ends in none of .csv, .tsv, .json, "
                              ".jsonl, each also with .gz, .zst, .xz or .bz2, "
                              "and .npz (-o results.csv, or '-' for stdout)");
}

TableWriter::TableWriter(TextSink& sink, TableFormat format,
                         const std::vector<std::string>& columns,
                         const std::vector<ColumnType>& types)
    : sink_(sink),
      format_(format),
      separator_(format == TableFormat::tsv ? '\t' : ',') {
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
    append_field(column);
  }
  sink_.write(line_ + '\n');
}

void TableWriter::append_field(std::string_view text) {
  const bool plain = text.find_first_of("\"\r\n") == text.npos &&
                     text.find(separator_) == text.npos && !text.empty() &&
                     text.front() != ' ' && text.back() != ' ';
  if (plain) {
    line_ += text;
    return;
  }
  line_ += '"';
  for (const char c : text) {
    if (c == '"') line_ += '"';
    line_ += c;
  }
  line_ += '"';
}

void TableWriter::separated_row(const Cells& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto cell = cells[i];
    if (i > 0) line_ += separator_;
    if (cell.starts_with('"'))
      append_field(json_characters(cell));
    else if (!cell.empty())
      append_field(cell);
  }
  line_ += '\n';
}

template <class Call>
void TableWriter::in_arrays(const Call& call) {
  try {
    call();
  } catch (const DataError& error) {
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
