#include "table_writer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "error.h"
#include "json_members.h"
#include "json_text.h"
#include "print.h"
#include "text.h"

namespace eh::host {
namespace {

constexpr std::size_t block = 64 * 1024;

}  // namespace

TextSink::TextSink(const std::string& path) : path_(path) {
  if (path == "-") return;
  // What is no plain file, such as a pipe or /dev/null, is written to as it is.
  struct stat info;
  if (::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode)) {
    fd_ = Fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  } else {
    const auto name_at = path.rfind('/') + 1;  // 0, if there is none
    temporary_ = path.substr(0, name_at) + '.' + path.substr(name_at, 200) +
                 ".eh-tmp-" + std::to_string(::getpid());
    fd_ = Fd(::open(temporary_.c_str(),
                    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  }
  if (!fd_) fail(errno);
}

TextSink::~TextSink() {
  if (fd_ && !temporary_.empty()) ::unlink(temporary_.c_str());
}

void TextSink::fail(int error) const {
  throw Error(exit_write, "cannot write '" + path_ + "': " + errno_text(error));
}

void TextSink::write(std::string_view text) {
  text_ += text;
  if (text_.size() >= block) flush();
}

void TextSink::flush() {
  if (path_ == "-") {
    print(text_);
  } else {
    try {
      write_all(fd_.get(), text_, path_);
    } catch (const std::system_error& error) {
      fail(error.code().value());
    }
  }
  text_.clear();
}

void TextSink::finish() {
  flush();
  if (path_ == "-") return;
  const int fd = fd_.release();
  if (::close(fd) == 0 &&
      (temporary_.empty() || ::rename(temporary_.c_str(), path_.c_str()) == 0))
    return;
  const int error = errno;
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
  fail(error);
}

TableFormat table_format(const std::string& path) {
  if (path == "-") return TableFormat::csv;
  for (const auto& [ending, format] : {std::pair{".csv", TableFormat::csv},
                                       {".tsv", TableFormat::tsv},
                                       {".json", TableFormat::json},
                                       {".jsonl", TableFormat::jsonl}})
    if (path.ends_with(ending)) return format;
  throw Error(exit_usage, "cannot export to '" + printable(path) +
                              "': its name ends in none of .csv, .tsv, .json, "
                              ".jsonl (-o results.csv, or '-' for stdout)");
}

TableWriter::TableWriter(TextSink& sink, TableFormat format,
                         std::vector<std::string> columns)
    : sink_(sink),
      format_(format),
      separator_(format == TableFormat::tsv ? '\t' : ',') {
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

void TableWriter::row(const Cells& cells) {
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
  if (format_ == TableFormat::json) sink_.write(first_ ? "[]\n" : "\n]\n");
  sink_.finish();
}

}  // namespace eh::host
