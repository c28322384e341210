#include "data/elements.h"

#include <charconv>
#include <cmath>
#include <type_traits>

namespace eh::host {
namespace {

template <class T>
void append_chars(std::string& out, T value) {
  char buffer[40];
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
}

template <class T>
void append_any_real(std::string& out, T value) {
  if (std::isnan(value)) {
    out += "nan";
  } else if (std::isinf(value)) {
    out += value > 0 ? "inf" : "-inf";
  } else {
    const auto begin = out.size();
    append_chars(out, value);
    if (out.find_first_of(".e", begin) == out.npos) out += ".0";
  }
}

}  // namespace

eh_item element_item(std::uint32_t element, const char* data) {
  eh_item item{};
  with_element(element, [&]<class T>(T value) {
    if constexpr (std::is_same_v<T, bool>) {
      item.kind = EH_ITEM_BOOL;
      item.as.natural = *data != 0;
      return;
    } else {
      std::memcpy(&value, data, sizeof value);
    }
    if constexpr (std::is_floating_point_v<T>) {
      item.kind = sizeof value == 4 ? EH_ITEM_SINGLE : EH_ITEM_REAL;
      item.as.real = static_cast<double>(value);
    } else if constexpr (std::is_signed_v<T>) {
      item.kind = EH_ITEM_INTEGER;
      item.as.integer = value;
    } else if constexpr (!std::is_same_v<T, bool>) {
      item.kind = EH_ITEM_NATURAL;
      item.as.natural = value;
    }
  });
  return item;
}

void append_real(std::string& out, double value) {
  append_any_real(out, value);
}

void append_single(std::string& out, float value) {
  append_any_real(out, value);
}

bool append_number(std::string& out, const eh_item& item, bool quoted) {
  switch (item.kind) {
    case EH_ITEM_BOOL:
      out += item.as.natural != 0 ? "true" : "false";
      return true;
    case EH_ITEM_INTEGER:
      append_chars(out, item.as.integer);
      return true;
    case EH_ITEM_NATURAL:
      append_chars(out, item.as.natural);
      return true;
    case EH_ITEM_REAL:
    case EH_ITEM_SINGLE: {
      const bool in_quotes = quoted && !std::isfinite(item.as.real);
      if (in_quotes) out += '"';
      if (item.kind == EH_ITEM_REAL)
        append_real(out, item.as.real);
      else
        append_single(out, static_cast<float>(item.as.real));
      if (in_quotes) out += '"';
      return true;
    }
    default:
      return false;
  }
}

}  // namespace eh::host
