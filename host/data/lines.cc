#include "data/lines.h"

#include <algorithm>
#include <string>

#include "base/text.h"
#include "data/elements.h"

namespace eh::host {
namespace {

[[noreturn]] void refuse(const eh_item& value) {
  throw DataError(std::string(kind_name(value)) +
                  " is not a line of text (use .json or .csv)");
}

void append_line(std::string& out, const eh_item& value) {
  if (value.kind == EH_ITEM_TEXT) {
    const auto text = text_of(value);
    if (text.find('\n') != text.npos || text.ends_with('\r'))
      throw DataError(
          "a text with a line end in it would be two lines (use .json or"
          " .csv)");
    if (text.find('\0') != text.npos)
      throw DataError("a text has a zero byte in it (use .json)");
    out += text;
  } else if (!append_number(out, value, false)) {
    refuse(value);
  }
}

void write_array(const eh_item& array, TextOut& out) {
  if (array.count > 2)
    throw DataError("an array of " + std::to_string(array.count) +
                    " dimensions has no lines (use .npy or .json)");
  const auto size = element_size(array.element);
  auto data = static_cast<const char*>(array.as.data);
  const auto rows = array.count > 0 ? (&array)[1].as.natural : 1;
  const auto width = array.count > 1 ? (&array)[2].as.natural : 1;
  for (std::uint64_t row = 0; row < rows; ++row) {
    for (std::uint64_t i = 0; i < width; ++i, data += size) {
      if (i > 0) out.text() += ' ';
      append_number(out.text(), element_item(array.element, data), false);
    }
    out.text() += '\n';
    out.pass_on();
  }
}

// Readers pass over one that a file begins with.
bool begins_with_mark(const eh_item* value) {
  const auto* first =
      value->kind == EH_ITEM_LIST && value->count > 0 ? value + 1 : value;
  return first->kind == EH_ITEM_TEXT &&
         text_of(*first).starts_with(byte_order_mark);
}

}  // namespace

void write_lines(const eh_item* value, Out& to) {
  TextOut out(to);
  if (begins_with_mark(value)) out.text() += byte_order_mark;
  if (value->kind == EH_ITEM_ARRAY) {
    write_array(*value, out);
  } else if (value->kind == EH_ITEM_LIST) {
    for (auto at = value + 1; at < behind(value); at = behind(at)) {
      if (at->kind == EH_ITEM_ARRAY && at->count == 1) {
        const auto size = element_size(at->element);
        auto data = static_cast<const char*>(at->as.data);
        for (std::uint64_t i = 0; i < at[1].as.natural; ++i, data += size) {
          if (i > 0) out.text() += ' ';
          append_number(out.text(), element_item(at->element, data), false);
        }
      } else {
        append_line(out.text(), *at);
      }
      out.text() += '\n';
      out.pass_on();
    }
  } else {
    append_line(out.text(), *value);
    out.text() += '\n';
  }
  out.flush();
}

void read_lines(std::string_view text, Items& items) {
  if (const auto at = text.find('\0'); at != text.npos)
    throw DataError("byte " + std::to_string(at) + ": this is not text");
  if (text.starts_with(byte_order_mark))
    text.remove_prefix(byte_order_mark.size());
  const auto list = items.open(EH_ITEM_LIST, place_of(1, 1));
  std::uint64_t count = 0;
  while (!text.empty()) {
    const auto place = place_of(++count, 1);
    const auto end = text.find('\n');
    if (end == text.npos) fail_at(place, no_line_end);
    auto line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    items.add_text(EH_ITEM_WORD, line, place);
    text.remove_prefix(end + 1);
  }
  items.close(list, count);
}

void write_memory(const eh_item* value, Out& out) {
  if (value->kind != EH_ITEM_ARRAY)
    throw DataError(std::string(kind_name(*value)) +
                    " is not plain memory, as arrays of numbers are (use .json"
                    " or .npz)");
  out.write({static_cast<const char*>(value->as.data),
             array_size(*value) * element_size(value->element)});
}

}  // namespace eh::host
