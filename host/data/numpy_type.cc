#include "data/numpy_type.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "base/utf8.h"
#include "data/elements.h"

namespace eh::host {
namespace {

// The code of the character at the start of valid UTF-8.
char32_t code_of(std::string_view text, std::size_t length) {
  const auto byte = [&](std::size_t i) {
    return static_cast<unsigned char>(text[i]);
  };
  if (length == 1) return byte(0);
  char32_t code = byte(0) & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) code = code << 6 | (byte(i) & 0x3F);
  return code;
}

template <class T>
void append_memory(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <class T>
T number_of(const eh_item& item) {
  switch (item.kind) {
    case EH_ITEM_NULL:
      return std::numeric_limits<T>::quiet_NaN();  // 0 for integers
    case EH_ITEM_INTEGER:
      return static_cast<T>(item.as.integer);
    case EH_ITEM_REAL:
    case EH_ITEM_SINGLE:
      return static_cast<T>(item.as.real);
    default:
      return static_cast<T>(item.as.natural);
  }
}

}  // namespace

void WholeNumbers::add(std::int64_t number) {
  has_negative_ = has_negative_ || number < 0;
  note(number);
}

void WholeNumbers::add(std::uint64_t number) {
  are_beyond_signed_ = are_beyond_signed_ || number >> 63 != 0;
  note(number);
}

template <class T>
void WholeNumbers::note(T number) {
  any_ = true;
  // No double is the largest T: it is rounded up.
  constexpr auto above = static_cast<double>(std::numeric_limits<T>::max());
  const auto real = static_cast<double>(number);
  are_reals_ = are_reals_ && real < above && static_cast<T>(real) == number;
}

std::optional<std::uint32_t> WholeNumbers::element() const {
  if (!are_beyond_signed_) return EH_INT64;
  if (!has_negative_) return EH_UINT64;
  return std::nullopt;
}

void DtypeGuess::add(const eh_item& item) {
  switch (item.kind) {
    case EH_ITEM_NULL:
      has_nothing_ = true;
      break;
    case EH_ITEM_BOOL:
      has_bool_ = true;
      break;
    case EH_ITEM_INTEGER:
      whole_.add(item.as.integer);
      break;
    case EH_ITEM_NATURAL:
      whole_.add(item.as.natural);
      break;
    case EH_ITEM_REAL:
      has_real_ = true;
      break;
    case EH_ITEM_SINGLE:
      has_single_ = true;
      break;
    case EH_ITEM_TEXT:
      add_text(text_of(item));
      break;
    default:
      throw DataError(std::string(kind_name(item)) +
                      " is not an element of an array (use .json)");
  }
}

void DtypeGuess::add_text(std::string_view text) {
  has_text_ = true;
  if (text.ends_with('\0'))
    throw DataError("NumPy cuts off the zero at the end of a text (use .json)");
  std::uint64_t characters = 0;
  while (!text.empty()) {
    const auto length = utf8_length(text);
    if (length == 0)
      throw DataError("a text is not UTF-8, which an array needs");
    text.remove_prefix(length);
    ++characters;
  }
  characters_ = std::max(characters_, characters);
}

DtypeGuess::Dtype DtypeGuess::dtype() const {
  const bool has_number = whole_.any() || has_real_ || has_single_;
  if (has_text_ || (element_ == EH_STRING && !has_number && !has_bool_)) {
    if (has_number || has_bool_)
      throw DataError("texts and numbers are not in one array (use .json)");
    if (has_nothing_)
      throw DataError("an array of texts has none that is nothing (use .json)");
    return text_dtype(characters_);
  }
  const auto element = number();
  return {element, 0, dtype_name(element), element_size(element)};
}

std::uint32_t DtypeGuess::number() const {
  if (has_bool_) {
    if (whole_.any() || has_real_ || has_single_ || has_nothing_)
      throw DataError("an array of bools has nothing else in it (use .json)");
    return EH_BOOL8;
  }
  const bool is_hinted = element_ != EH_ELEMENT_ANY && element_ != EH_STRING;
  if (is_hinted && !has_nothing_) return element_;
  if (whole_.any() && !has_real_ && !has_single_ && !has_nothing_) {
    if (const auto element = whole_.element()) return *element;
    throw DataError("no type holds all of these integers (use .json)");
  }
  if (!whole_.are_reals())
    throw DataError(
        "an integer beyond 2^53 beside reals, or beside nothing, does not fit"
        " a real (use .json)");
  if (element_ == EH_FLOAT32 || (has_single_ && !has_real_ && !whole_.any()))
    return EH_FLOAT32;
  return EH_FLOAT64;
}

DtypeGuess::Dtype text_dtype(std::uint64_t longest) {
  const auto characters = std::max<std::uint64_t>(longest, 1);
  return {EH_STRING, characters,
          native_order + ("U" + std::to_string(characters)), 4 * characters};
}

std::string dtype_name(std::uint32_t element) {
  std::string name;
  with_element(element, [&]<class T>(T zero) {
    const char kind = std::is_same_v<T, bool>       ? 'b'
                      : std::is_floating_point_v<T> ? 'f'
                      : std::is_signed_v<T>         ? 'i'
                                                    : 'u';
    name = {sizeof zero == 1 ? '|' : native_order, kind,
            static_cast<char>('0' + sizeof zero)};
  });
  return name;
}

void append_element(std::string& out, const DtypeGuess::Dtype& dtype,
                    const eh_item& item) {
  if (dtype.element != EH_STRING) {
    with_element(dtype.element, [&]<class T>(T) {
      if constexpr (std::is_same_v<T, bool>)
        out += static_cast<char>(item.as.natural != 0);
      else
        append_memory(out, number_of<T>(item));
    });
    return;
  }
  const auto end = out.size() + dtype.size;
  for (auto text = text_of(item); !text.empty();) {
    const auto length = utf8_length(text);
    append_memory(out, code_of(text, length));
    text.remove_prefix(length);
  }
  out.resize(end, '\0');
}

}  // namespace eh::host
