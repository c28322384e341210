#include "data/json.h"

#include "base/utf8.h"
#include "data/elements.h"
#include "json/write.h"

namespace eh::host {
namespace {

void append_text(std::string& out, std::string_view text) {
  for (auto rest = text; !rest.empty();) {
    const auto length = utf8_length(rest);
    if (length == 0) throw DataError("a text is not UTF-8, which JSON needs");
    rest.remove_prefix(length);
  }
  append_json_string(out, text);
}

// Dimension by dimension, the last one's numbers side by side.
const char* append_array(std::string& out, const eh_item& array,
                         std::uint64_t dimension, const char* data) {
  if (dimension == array.count) {
    append_number(out, element_item(array.element, data), true);
    return data + element_size(array.element);
  }
  out += '[';
  const auto length = (&array)[dimension + 1].as.natural;
  for (std::uint64_t i = 0; i < length; ++i) {
    if (i > 0) out += ',';
    data = append_array(out, array, dimension + 1, data);
  }
  out += ']';
  return data;
}

const eh_item* append_row(std::string& out, const eh_item& table,
                          const eh_item* cell) {
  out += '{';
  for (std::uint64_t i = 1; i <= table.count; ++i) {
    if (i > 1) out += ',';
    append_text(out, text_of((&table)[i]));
    out += ':';
    cell = append_json(out, cell);
  }
  out += '}';
  return cell;
}

// Calls `each(cell)` for the first cell of each row, until it is past them; it
// gives the next row's.
template <class Each>
void for_each_row(const eh_item* table, const Each& each) {
  const auto end = behind(table);
  for (auto cell = table + 1 + table->count; cell < end;) cell = each(cell);
}

}  // namespace

const eh_item* append_json(std::string& out, const eh_item* value) {
  const auto end = behind(value);
  switch (value->kind) {
    case EH_ITEM_NULL:
      out += "null";
      break;
    case EH_ITEM_TEXT:
    case EH_ITEM_WORD:
      append_text(out, text_of(*value));
      break;
    case EH_ITEM_NUMBER:
      out += text_of(*value);
      break;
    case EH_ITEM_LIST:
      out += '[';
      for (auto at = value + 1; at < end;) {
        if (at != value + 1) out += ',';
        at = append_json(out, at);
      }
      out += ']';
      break;
    case EH_ITEM_MAP:
      out += '{';
      for (auto at = value + 1; at < end;) {
        if (at != value + 1) out += ',';
        append_text(out, text_of(*at));
        out += ':';
        at = append_json(out, at + 1);
      }
      out += '}';
      break;
    case EH_ITEM_TABLE:
      out += '[';
      for_each_row(value, [&](const eh_item* row) {
        if (out.back() != '[') out += ',';
        return append_row(out, *value, row);
      });
      out += ']';
      break;
    case EH_ITEM_ARRAY:
      append_array(out, *value, 0, static_cast<const char*>(value->as.data));
      break;
    default:
      append_number(out, *value, true);
  }
  return end;
}

void write_json(const eh_item* value, Out& to) {
  TextOut out(to);
  const auto end = behind(value);
  if (value->kind == EH_ITEM_TABLE) {
    out.text() += "[\n";
    bool first = true;
    for_each_row(value, [&](const eh_item* row) {
      out.pass_on();
      if (!first) out.text() += ",\n";
      first = false;
      return append_row(out.text(), *value, row);
    });
    out.text() += "\n]";
  } else if (value->kind == EH_ITEM_LIST) {
    out.text() += '[';
    for (auto at = value + 1; at < end;) {
      out.pass_on();
      if (at != value + 1) out.text() += ',';
      at = append_json(out.text(), at);
    }
    out.text() += ']';
  } else {
    append_json(out.text(), value);
  }
  out.text() += '\n';
  out.flush();
}

void write_json_lines(const eh_item* value, Out& to) {
  TextOut out(to);
  const auto end_line = [&] {
    out.text() += '\n';
    out.pass_on();
  };
  if (value->kind == EH_ITEM_TABLE) {
    for_each_row(value, [&](const eh_item* row) {
      const auto next = append_row(out.text(), *value, row);
      end_line();
      return next;
    });
  } else if (value->kind == EH_ITEM_LIST) {
    for (auto at = value + 1; at < behind(value);) {
      at = append_json(out.text(), at);
      end_line();
    }
  } else if (value->kind == EH_ITEM_ARRAY && value->count > 0) {
    auto data = static_cast<const char*>(value->as.data);
    for (std::uint64_t i = 0; i < value[1].as.natural; ++i) {
      data = append_array(out.text(), *value, 1, data);
      end_line();
    }
  } else {
    append_json(out.text(), value);
    end_line();
  }
  out.flush();
}

}  // namespace eh::host
