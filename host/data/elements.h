// The numbers that arrays consist of: their sizes, names and texts.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "eh/abi.h"

namespace eh::host {

/// Calls `f(T{})` with the type of an element; false if there is none such.
template <class F>
bool with_element(std::uint32_t element, const F& f) {
  switch (element) {
    case EH_INT8:
      return f(std::int8_t{}), true;
    case EH_INT16:
      return f(std::int16_t{}), true;
    case EH_INT32:
      return f(std::int32_t{}), true;
    case EH_INT64:
      return f(std::int64_t{}), true;
    case EH_UINT8:
      return f(std::uint8_t{}), true;
    case EH_UINT16:
      return f(std::uint16_t{}), true;
    case EH_UINT32:
      return f(std::uint32_t{}), true;
    case EH_UINT64:
      return f(std::uint64_t{}), true;
    case EH_FLOAT32:
      return f(float{}), true;
    case EH_FLOAT64:
      return f(double{}), true;
    case EH_BOOL8:
      return f(bool{}), true;
    default:
      return false;
  }
}

/// Bytes of one; 0 if there is none such.
inline std::size_t element_size(std::uint32_t element) {
  std::size_t size = 0;
  with_element(element, [&](auto zero) { size = sizeof zero; });
  return size;
}

/// The number at `data`, which may lie anywhere, as an item.
eh_item element_item(std::uint32_t element, const char* data);

/// The shortest text that reads back as the same number and shows that it is
/// no integer: "1.0"; or "nan", "inf", "-inf".
void append_real(std::string& out, double value);
void append_single(std::string& out, float value);

/// A number or bool as a text; false for other items. A real that is not finite
/// is put into quotes if `quoted`.
bool append_number(std::string& out, const eh_item& item, bool quoted);

}  // namespace eh::host
