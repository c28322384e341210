// One item that was read as a bool, a number, a text or an enum: exactly, or
// with an error that tells where it stands.
#ifndef EH_DETAIL_DATA_NUMBER_HPP
#define EH_DETAIL_DATA_NUMBER_HPP

#include <eh/abi.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <eh/detail/config.hpp>
#include <eh/detail/data_type.hpp>
#include <eh/detail/text.hpp>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace eh EH_HIDDEN {
namespace detail {

/// What was read is not what is wanted; `trail` is where in the value,
/// "[2].load".
struct DataMismatch : std::runtime_error {
  DataMismatch(const eh_item& item, const std::string& why)
      : std::runtime_error(why), place(item.place) {}
  std::uint64_t place;
  std::string trail;

  std::string text() const;
};

inline std::string_view item_text(const eh_item& item) {
  return {static_cast<const char*>(item.as.data), item.count};
}
inline const eh_item* next_item(const eh_item* item) {
  const bool is_container =
      item->kind >= EH_ITEM_LIST && item->kind <= EH_ITEM_TABLE;
  if (is_container) return item + 1 + item->as.natural;
  return item + 1 + (item->kind == EH_ITEM_ARRAY ? item->count : 0);
}
inline bool is_nothing(const eh_item& item) {
  return item.kind == EH_ITEM_NULL ||
         (item.kind == EH_ITEM_WORD && item.count == 0);
}

/// A cell in quotes, where no text is wanted: as one without them.
inline bool is_quoted(const eh_item& item) {
  return item.kind == EH_ITEM_TEXT && item.element == EH_QUOTED;
}
inline eh_item without_quotes(eh_item item) {
  item.kind = EH_ITEM_WORD;
  return item;
}

/// "1 row", "2 rows".
EH_CODE std::string counted(std::size_t count, std::string_view what);

/// An item as it is told of: "the text 'abc'".
EH_CODE std::string item_name(const eh_item& item);

/// "an int", "a double".
template <class T>
std::string a_type() {
  const std::string name = type_text<T>();
  if (name == "unsigned") return "an unsigned int";
  const bool is_vowel =
      name.starts_with("unsigned") ||
      std::string_view("aeioAEIO").find(name[0]) != std::string_view::npos;
  return (is_vowel ? "an " : "a ") + name;
}

[[noreturn]] EH_CODE void refuse_item(const eh_item& item,
                                      const std::string& wanted);

EH_CODE std::string_view trimmed(std::string_view text);

/// Whether all of a text is a number, and if it is one that T holds.
template <class T>
std::errc parse_whole(std::string_view text, T& value) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-')
    text.remove_prefix(1);
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  return !text.empty() && result.ptr == end ? result.ec
                                            : std::errc::invalid_argument;
}

/// Whether all of a text is a number that T holds.
template <class T>
bool parse_number(std::string_view text, T& value) {
  return parse_whole(text, value) == std::errc();
}

/// Whether a number that no double holds is too small for one, and not too
/// large: by its first digit that is not 0, and its exponent.
EH_CODE bool is_tiny(std::string_view text);

/// Also what is nearer to 0 than any T, which is 0 or next to it.
template <Real T>
bool parse_real(std::string_view text, T& value) {
  const std::errc outcome = parse_whole(text, value);
  if (outcome != std::errc::result_out_of_range) return outcome == std::errc();
  double real = text.starts_with('-') ? -0.0 : 0;
  if (parse_whole(text, real) == std::errc() ? std::abs(real) >= 1
                                             : !is_tiny(text))
    return false;
  value = static_cast<T>(real);
  return true;
}

/// A real that is an integer, exactly.
template <Integer T>
bool convert_exactly(double real, T& value) {
  // 2^digits is a double, while the largest T may be none.
  const double above = std::ldexp(1.0, std::numeric_limits<T>::digits);
  const double least = std::is_signed_v<T> ? -above : 0;
  if (!(real >= least && real < above) || real != std::trunc(real))
    return false;
  value = static_cast<T>(real);
  return true;
}

template <Integer T>
bool decode_integer(const eh_item& item, T& value) {
  using Limits = std::numeric_limits<T>;
  switch (item.kind) {
    case EH_ITEM_INTEGER:
      if (item.as.integer < 0
              ? !std::is_signed_v<T> ||
                    item.as.integer < static_cast<std::int64_t>(Limits::min())
              : static_cast<std::uint64_t>(item.as.integer) >
                    static_cast<std::uint64_t>(Limits::max()))
        return false;
      value = static_cast<T>(item.as.integer);
      return true;
    case EH_ITEM_NATURAL:
      if (item.as.natural > static_cast<std::uint64_t>(Limits::max()))
        return false;
      value = static_cast<T>(item.as.natural);
      return true;
    case EH_ITEM_REAL:
    case EH_ITEM_SINGLE:
      return convert_exactly(item.as.real, value);
    case EH_ITEM_NUMBER:
    case EH_ITEM_WORD: {
      const std::string_view text = trimmed(item_text(item));
      if (parse_number(text, value)) return true;
      // As others write integers in a column where some are missing: 3.0. What
      // a double cannot tell from its neighbours is refused.
      double real = 0;
      constexpr double exact = 9007199254740992;
      return parse_number(text, real) && std::abs(real) <= exact &&
             convert_exactly(real, value);
    }
    default:
      return false;
  }
}

template <Real T>
bool decode_real(const eh_item& item, T& value) {
  switch (item.kind) {
    case EH_ITEM_NULL:
      value = std::numeric_limits<T>::quiet_NaN();
      return true;
    case EH_ITEM_INTEGER:
      value = static_cast<T>(item.as.integer);
      return true;
    case EH_ITEM_NATURAL:
      value = static_cast<T>(item.as.natural);
      return true;
    case EH_ITEM_REAL:
    case EH_ITEM_SINGLE:
      value = static_cast<T>(item.as.real);
      return std::isinf(item.as.real) || !std::isinf(value);
    case EH_ITEM_WORD:
      if (item.count == 0) {
        value = std::numeric_limits<T>::quiet_NaN();
        return true;
      }
      return parse_real(trimmed(item_text(item)), value);
    case EH_ITEM_NUMBER:
      return parse_real(item_text(item), value);
    case EH_ITEM_TEXT: {  // JSON has no other way for these
      const std::string_view text = item_text(item);
      return (text == "nan" || text == "inf" || text == "-inf") &&
             parse_number(text, value);
    }
    default:
      return false;
  }
}

EH_CODE bool decode_bool(const eh_item& item, bool& value);

template <class E>
void decode_enum(const eh_item& item, E& value) {
  std::underlying_type_t<E> number{};
  if (item.kind == EH_ITEM_TEXT || item.kind == EH_ITEM_WORD) {
    const std::string_view name = item_text(item);
    for (const auto& choice : choices_of<E>)
      if (choice.name == name) {
        value = choice.value;
        return;
      }
    const bool is_number = is_quoted(item)
                               ? decode_integer(without_quotes(item), number)
                               : decode_integer(item, number);
    if (!is_number)
      throw DataMismatch(item, "there is no " + type_text<E>() + " '" +
                                   std::string(name) + "'" +
                                   did_you_mean(name, choice_names<E>()));
  } else if (!decode_integer(item, number)) {
    refuse_item(item, a_type<E>());
  }
  value = static_cast<E>(number);
}

template <class T>
bool is_decoded(const eh_item& item, T& value) {
  if constexpr (std::is_same_v<T, bool>)
    return decode_bool(item, value);
  else if constexpr (Real<T>)
    return decode_real(item, value);
  else
    return decode_integer(item, value);
}

/// Also from the memory of an array.
template <class T>
void decode_number(const eh_item& item, T& value) {
  if (!(is_quoted(item) ? is_decoded(without_quotes(item), value)
                        : is_decoded(item, value)))
    refuse_item(item, std::is_same_v<T, bool>
                          ? "a bool"
                          : "a number that is " + a_type<T>());
}

/// The number at `data` of an array.
inline eh_item memory_item(std::uint32_t element, const char* data) {
  eh_item item{};
  const auto take = [&]<class T>(T number, std::uint32_t kind, auto& to) {
    std::memcpy(&number, data, sizeof number);
    item.kind = kind;
    to = number;
  };
  switch (element) {
    case EH_INT8:
      take(std::int8_t{}, EH_ITEM_INTEGER, item.as.integer);
      break;
    case EH_INT16:
      take(std::int16_t{}, EH_ITEM_INTEGER, item.as.integer);
      break;
    case EH_INT32:
      take(std::int32_t{}, EH_ITEM_INTEGER, item.as.integer);
      break;
    case EH_INT64:
      take(std::int64_t{}, EH_ITEM_INTEGER, item.as.integer);
      break;
    case EH_UINT8:
      take(std::uint8_t{}, EH_ITEM_NATURAL, item.as.natural);
      break;
    case EH_UINT16:
      take(std::uint16_t{}, EH_ITEM_NATURAL, item.as.natural);
      break;
    case EH_UINT32:
      take(std::uint32_t{}, EH_ITEM_NATURAL, item.as.natural);
      break;
    case EH_UINT64:
      take(std::uint64_t{}, EH_ITEM_NATURAL, item.as.natural);
      break;
    case EH_FLOAT32:
      take(float{}, EH_ITEM_SINGLE, item.as.real);
      break;
    case EH_FLOAT64:
      take(double{}, EH_ITEM_REAL, item.as.real);
      break;
    default:
      take(std::uint8_t{}, EH_ITEM_BOOL, item.as.natural);
  }
  return item;
}

inline std::size_t memory_size(std::uint32_t element) {
  switch (element) {
    case EH_INT16:
    case EH_UINT16:
      return 2;
    case EH_INT32:
    case EH_UINT32:
    case EH_FLOAT32:
      return 4;
    case EH_INT64:
    case EH_UINT64:
    case EH_FLOAT64:
      return 8;
    default:
      return 1;
  }
}

}  // namespace detail
}  // namespace EH_HIDDEN

#if EH_DETAIL_CODE_HERE
#include <eh/detail/code/data_number.hpp>
#endif

#endif  // EH_DETAIL_DATA_NUMBER_HPP
