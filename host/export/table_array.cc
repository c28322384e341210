#include "export/table_array.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "base/utf8.h"
#include "json/members.h"
#include "json/write.h"

namespace eh::host {
namespace {

bool is_none(std::string_view cell) {
  return cell.empty() || cell == "null";
}

bool is_number(std::string_view cell) {
  return cell[0] == '-' || (cell[0] >= '0' && cell[0] <= '9');
}

// "-0" is a real, of which an integer would lose the sign.
bool is_whole(std::string_view number) {
  return number.find_first_of(".eE") == number.npos && number != "-0";
}

template <class T>
bool parse(std::string_view number, T& value) {
  const auto end = number.data() + number.size();
  const auto result = std::from_chars(number.data(), end, value);
  return result.ec == std::errc{} && result.ptr == end;
}

bool is_exact(std::string_view whole) {
  double value = 0;
  if (!parse(whole, value)) return false;
  char digits[400];
  const auto end = std::to_chars(digits, digits + sizeof digits, value,
                                 std::chars_format::fixed);
  return whole == std::string_view(digits, end.ptr);
}

std::string text_of_cell(std::string_view cell) {
  if (is_none(cell)) return {};
  std::string text = cell[0] == '"' ? json_characters(cell) : std::string(cell);
  // Of a damaged file.
  if (!is_utf8(text)) text = json_characters(json_string(text));
  return text;
}

std::uint64_t characters_of(std::string_view text) {
  return static_cast<std::uint64_t>(std::count_if(
      text.begin(), text.end(),
      [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

eh_item number_item(std::uint32_t element, std::string_view cell) {
  eh_item item{};
  switch (element) {
    case EH_BOOL8:
      item.kind = EH_ITEM_BOOL;
      item.as.natural = cell == "true";
      break;
    case EH_INT64:
      item.kind = EH_ITEM_INTEGER;
      parse(cell, item.as.integer);
      break;
    case EH_UINT64:
      item.kind = EH_ITEM_NATURAL;
      parse(cell, item.as.natural);
      break;
    default:
      item.kind = EH_ITEM_REAL;
      item.as.real =
          json_real(cell).value_or(std::numeric_limits<double>::quiet_NaN());
  }
  return item;
}

}  // namespace

void ArrayGuess::add(std::string_view cell) {
  if (is_none(cell)) {
    has_none_ = true;
    return;
  }
  if (cell == "true" || cell == "false")
    has_bool_ = true;
  else if (!json_real(cell))
    has_other_ = true;
  else if (is_number(cell) && is_whole(cell))
    add_whole(cell);
  else
    has_real_ = true;
  // It may yet be a column of texts.
  if (cell.size() > characters_)
    characters_ = std::max(characters_, characters_of(text_of_cell(cell)));
}

void ArrayGuess::add_whole(std::string_view number) {
  std::int64_t integer = 0;
  std::uint64_t natural = 0;
  if (parse(number, integer)) {
    whole_.add(integer);
  } else if (parse(number, natural)) {
    whole_.add(natural);
  } else {
    has_large_ = true;
    are_large_reals_ = are_large_reals_ && is_exact(number);
  }
}

DtypeGuess::Dtype ArrayGuess::dtype() const {
  const auto array = [](std::uint32_t element) {
    return DtypeGuess::Dtype{element, 0, dtype_name(element),
                             element == EH_BOOL8 ? 1u : 8u};
  };
  const bool has_number = whole_.any() || has_large_ || has_real_;
  const bool is_real = type_ == ColumnType::real || has_real_ || has_none_ ||
                       has_large_ || !whole_.element();
  const bool are_reals = whole_.are_reals() && are_large_reals_;
  const bool is_text = type_ == ColumnType::text || has_other_ ||
                       (has_bool_ && (has_number || has_none_)) ||
                       (is_real && !are_reals);
  if (is_text) return text_dtype(characters_);
  if (has_bool_) return array(EH_BOOL8);
  if (is_real || !whole_.any()) return array(EH_FLOAT64);
  return array(*whole_.element());
}

void append_cell(std::string& out, const DtypeGuess::Dtype& dtype,
                 std::string_view cell) {
  if (dtype.element != EH_STRING)
    return append_element(out, dtype, number_item(dtype.element, cell));
  const auto text = text_of_cell(cell);
  eh_item item{};
  item.kind = EH_ITEM_TEXT;
  item.count = text.size();
  item.as.data = text.data();
  append_element(out, dtype, item);
}

}  // namespace eh::host
