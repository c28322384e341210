#include "data/csv.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "base/text.h"
#include "data/elements.h"
#include "data/grid.h"
#include "data/json.h"

namespace eh::host {
namespace {

// Whether a reader would take a text for something else.
bool is_like_a_word(std::string_view text) {
  if (text.empty()) return true;
  if (text.front() == '+') text.remove_prefix(1);
  double number = 0;
  const auto end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number);
  if (result.ptr == end && result.ec != std::errc::invalid_argument)
    return true;
  for (const std::string_view word : {"true", "false", "null", "na"})
    if (std::equal(text.begin(), text.end(), word.begin(), word.end(),
                   [](char a, char b) { return (a | 0x20) == b; }))
      return true;
  return false;
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

std::string_view without_zero(std::string_view text) {
  if (text.find('\0') != text.npos)
    throw DataError("a text has a zero byte in it (use .json)");
  return text;
}

void append_name(std::string& out, std::string_view text, char separator) {
  append_csv_word(out, without_zero(text), separator);
}

void append_cell(std::string& out, const eh_item* cell, char separator) {
  switch (cell->kind) {
    case EH_ITEM_NULL:
      break;
    case EH_ITEM_TEXT:
      append_csv_text(out, without_zero(text_of(*cell)), separator);
      break;
    case EH_ITEM_NUMBER:
    case EH_ITEM_WORD:
      append_name(out, text_of(*cell), separator);
      break;
    case EH_ITEM_LIST:
    case EH_ITEM_MAP:
    case EH_ITEM_TABLE:
    case EH_ITEM_ARRAY: {
      std::string json;
      append_json(json, cell);
      append_quoted(out, without_zero(json));
      break;
    }
    default:
      append_number(out, *cell, false);
  }
}

class CsvReader {
 public:
  CsvReader(std::string_view text, char separator, Items& items)
      : text_(text), separator_(separator), items_(items) {
    if (text_.starts_with(byte_order_mark)) at_ = line_begin_ = 3;
  }

  void table() {
    if (at_ == text_.size())
      throw DataError("the file is empty, without even the columns' names");
    const auto opened = items_.open(EH_ITEM_TABLE, cell_here());
    const bool no_columns =
        text_.substr(at_).find_first_not_of("\r\n") == std::string_view::npos;
    if (!no_columns) read_rows();
    items_.close(opened, columns_);
  }

 private:
  struct Spot {
    std::size_t at = 0;
    std::uint64_t line = 1;
    std::size_t line_begin = 0;
  };
  Spot spot() const { return {at_, line_, line_begin_}; }
  // It looks at all that is before it in the line, so it is for errors alone.
  std::uint64_t place(const Spot& spot) const {
    std::size_t column = 1;
    for (std::size_t i = spot.line_begin; i < spot.at; ++i)
      if ((static_cast<unsigned char>(text_[i]) & 0xC0) != 0x80) ++column;
    return place_of(spot.line, column);
  }
  [[noreturn]] void fail(const std::string& why) const {
    fail_at(place(spot()), why);
  }
  // A place that is cheap: of the first byte of a cell.
  std::uint64_t cell_here() const {
    return place_of(line_, at_ - line_begin_ + 1);
  }

  void read_rows() {
    const auto first = items_.list.size();
    read_row(true);
    columns_ = items_.list.size() - first;
    while (at_ < text_.size()) {
      if (skip_empty_line()) continue;
      const auto line = line_;
      const auto before = items_.list.size();
      read_row(false);
      if (const auto cells = items_.list.size() - before; cells != columns_)
        fail_at(place_of(line, 1),
                "this row has " + std::to_string(cells) +
                    (cells == 1 ? " cell" : " cells") + " and not " +
                    std::to_string(columns_) +
                    std::string(guess_why(text_of(items_.list[first]))));
    }
  }

  std::string_view guess_why(std::string_view first_name) const {
    if (at_ == text_.size() && text_.back() != '\n')
      return " (is the file whole?)";
    if (columns_ == 1 && first_name.find(';') != first_name.npos)
      return " (';' is taken for no separator)";
    return "";
  }

  bool skip_empty_line() {
    const auto line_end = text_.substr(at_, 2) == "\r\n" ? 2u : 1u;
    if (text_[at_] != '\n' && line_end == 1) return false;
    at_ += line_end;
    new_line();
    return true;
  }

  void new_line() {
    ++line_;
    line_begin_ = at_;
  }

  void read_row(bool names) {
    do {
      const auto place = cell_here();
      if (at_ < text_.size() && text_[at_] == '"') {
        const auto text = quoted();
        const bool nothing = !names && columns_ == 1 && text.empty();
        items_.add_text(nothing ? EH_ITEM_WORD : EH_ITEM_TEXT, text, place);
        if (!names && !nothing) items_.list.back().element = EH_QUOTED;
      } else {
        items_.add_text(names ? EH_ITEM_TEXT : EH_ITEM_WORD, bare(), place);
      }
    } while (another());
  }

  std::string_view bare() {
    const char ends[] = {separator_, '\n', '\r', '\0'};
    const auto begin = at_;
    at_ = std::min(text_.find_first_of({ends, sizeof ends}, at_), text_.size());
    const auto rest = text_.substr(at_, 2);
    // It could be the beginning of a longer one.
    if (rest.empty() || rest == "\r") fail(no_line_end);
    if (rest[0] == '\0') fail("this is not text");
    if (rest[0] == '\r' && rest[1] != '\n')
      fail("'\\r' alone ends no line, and in a text it needs quotes");
    return text_.substr(begin, at_ - begin);
  }

  std::string_view quoted() {
    const auto opened = spot();
    auto begin = ++at_;
    std::string joined;
    bool is_joined = false;
    for (;;) {
      const char ends[] = {'"', '\n', '\0'};
      at_ = text_.find_first_of({ends, sizeof ends}, at_);
      if (at_ == text_.npos) {
        at_ = text_.size();
        fail_at(place(opened), "this quote is not closed (is the file whole?)");
      }
      if (text_[at_] == '\0') fail("this is not text");
      if (text_[at_++] == '\n') {
        new_line();
        continue;
      }
      if (at_ == text_.size() || text_[at_] != '"') break;
      is_joined = true;
      joined += text_.substr(begin, at_ - begin);
      begin = ++at_;
    }
    const auto rest = text_.substr(begin, at_ - 1 - begin);
    if (!is_joined) return rest;
    return items_.keep(std::move(joined += rest));
  }

  // Whether another cell follows in the row; takes what is between.
  bool another() {
    if (text_.substr(at_, 2) == "\r\n") ++at_;
    if (at_ == text_.size()) return false;
    if (text_[at_] == separator_) return ++at_, true;
    if (text_[at_] != '\n')
      fail("expected the end of the cell behind the quote");
    ++at_;
    new_line();
    return false;
  }

  const std::string_view text_;
  const char separator_;
  Items& items_;
  std::size_t at_ = 0;
  std::uint64_t columns_ = 0;
  std::uint64_t line_ = 1;
  std::size_t line_begin_ = 0;
};

}  // namespace

void append_csv_text(std::string& out, std::string_view text, char separator) {
  if (is_like_a_word(text))
    append_quoted(out, text);
  else
    append_csv_word(out, text, separator);
}

void append_csv_word(std::string& out, std::string_view word, char separator) {
  const char special[] = {separator, '"', '\r', '\n'};
  // The first of all is not to begin with what readers pass over; some strip
  // spaces that no quotes keep.
  if (word.find_first_of({special, sizeof special}) != word.npos ||
      word.starts_with(byte_order_mark) || word.starts_with(' ') ||
      word.ends_with(' '))
    append_quoted(out, word);
  else
    out += word;
}

void write_csv(const eh_item* value, char separator, Out& to) {
  auto grid = grid_of(value);
  auto& columns = grid.columns;
  TextOut out(to);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) out.text() += separator;
    // An empty line would be passed over.
    if (columns.size() == 1 && columns[i].name.empty())
      out.text() += "\"\"";
    else
      append_name(out.text(), columns[i].name, separator);
  }
  out.text() += '\n';
  for (std::size_t row = 0; row < grid.rows; ++row) {
    const auto begin = out.text().size();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) out.text() += separator;
      append_cell(out.text(), columns[i].cell(row), separator);
    }
    if (out.text().size() == begin && columns.size() == 1) out.text() += "\"\"";
    if (columns.size() > 0) out.text() += '\n';
    out.pass_on();
  }
  out.flush();
}

void read_csv(std::string_view text, char separator, Items& items) {
  CsvReader(text, separator, items).table();
}

}  // namespace eh::host
