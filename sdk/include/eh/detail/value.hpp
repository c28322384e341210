// The types a parameter may have, and how their values are written: in full
// as JSON, and short and safe as a label in an experiment's name.
#ifndef EH_DETAIL_VALUE_HPP
#define EH_DETAIL_VALUE_HPP

#include <eh/abi.h>

#include <charconv>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <eh/detail/config.hpp>
#include <eh/detail/text.hpp>
#include <eh/reflect.hpp>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace eh EH_HIDDEN {
namespace detail {

template <class T, class... U>
inline constexpr bool is_one_of = (std::is_same_v<T, U> || ...);

template <class T>
concept Integer =
    is_one_of<T, char, signed char, unsigned char, short, unsigned short, int,
              unsigned, long, unsigned long, long long, unsigned long long>;

template <class T>
concept Real = is_one_of<T, float, double>;

template <class T>
concept Number = Integer<T> || Real<T>;

template <class T>
concept Single = std::is_same_v<T, bool> || Number<T> ||
    std::is_same_v<T, std::string> || std::is_enum_v<T>;

template <class T>
inline constexpr bool is_list = false;
template <class T, class A>
inline constexpr bool is_list<std::vector<T, A>> = Single<T>;

template <class T>
concept Value = Single<T> || is_list<T>;

template <class T>
constexpr std::uint32_t kind_of() {
  if constexpr (std::is_same_v<T, bool>) return EH_BOOL;
  if constexpr (Integer<T>) return EH_INTEGER;
  if constexpr (Real<T>) return EH_REAL;
  if constexpr (std::is_same_v<T, std::string>) return EH_TEXT;
  if constexpr (std::is_enum_v<T>) return EH_CHOICE;
  if constexpr (is_list<T>) return EH_LIST;
  return 0;
}

/// The kind of a list's elements, 0 for what is not a list.
template <class T>
constexpr std::uint32_t element_kind_of() {
  if constexpr (is_list<T>)
    return kind_of<typename T::value_type>();
  else
    return 0;
}

/// A type as one would write it.
template <class T>
std::string type_text() {
  if constexpr (is_list<T>)
    return "std::vector<" + type_text<typename T::value_type>() + ">";
  else if constexpr (std::is_same_v<T, std::string>)
    return "std::string";
  else if constexpr (std::is_same_v<T, signed char>)
    return "int8_t";
  else if constexpr (std::is_same_v<T, unsigned char>)
    return "uint8_t";
  else if constexpr (std::is_same_v<T, unsigned short>)
    return "unsigned short";
  else if constexpr (std::is_same_v<T, short>)
    return "short";
  else if constexpr (std::is_same_v<T, unsigned long>)
    return "unsigned long";
  else if constexpr (std::is_same_v<T, long>)
    return "long";
  else if constexpr (std::is_same_v<T, unsigned long long>)
    return "unsigned long long";
  else if constexpr (std::is_same_v<T, long long>)
    return "long long";
  else if constexpr (std::is_same_v<T, unsigned>)
    return "unsigned";
  else
    return std::string(type_name<T>());
}

template <class E>
std::string_view choice_name(E value) {
  for (const auto& choice : choices_of<E>)
    if (choice.value == value) return choice.name;
  return {};
}

template <Integer T>
void append_integer(std::string& out, T value) {
  char buffer[24];
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer,
                                   value + 0)  // char is a number here
                         .ptr);
}

/// "nan", "inf" or "-inf"; empty for a finite number.
inline std::string_view non_finite(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return {};
}

/// The shortest text that reads back as the same value.
template <Real T>
void append_real(std::string& out, T value) {
  char buffer[32];
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
}

/// At most 12 significant digits, in the form of "%.12g". A float counts as
/// the decimal number that it is written as, so that 0.1f is 0.1.
template <Real T>
void append_real_label(std::string& out, T value) {
  double wide = value;
  char buffer[40];
  if constexpr (std::is_same_v<T, float>) {
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
    std::from_chars(buffer, end, wide);
  }
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, wide,
                                   std::chars_format::general, 12)
                         .ptr);
}

template <Value T>
void append_json(std::string& out, const T& value) {
  if constexpr (is_list<T>) {
    out += '[';
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (i > 0) out += ',';
      append_json<typename T::value_type>(out, value[i]);
    }
    out += ']';
  } else if constexpr (std::is_same_v<T, bool>) {
    out += value ? "true" : "false";
  } else if constexpr (Integer<T>) {
    append_integer(out, value);
  } else if constexpr (Real<T>) {
    if (const std::string_view name = non_finite(value); !name.empty())
      ((out += '"') += name) += '"';
    else
      append_real(out, value);
  } else if constexpr (std::is_enum_v<T>) {
    if (const std::string_view name = choice_name(value); !name.empty())
      ((out += '"') += name) += '"';
    else
      append_json(out, static_cast<std::underlying_type_t<T>>(value));
  } else {
    append_json_text(out, value);
  }
}

template <Value T>
void append_label(std::string& out, const T& value) {
  if constexpr (is_list<T>) {
    if (value.empty()) out += '_';
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (i > 0) out += ',';
      append_label<typename T::value_type>(out, value[i]);
    }
  } else if constexpr (Real<T>) {
    if (const std::string_view name = non_finite(value); !name.empty())
      out += name;
    else
      append_real_label(out, value);
  } else if constexpr (std::is_same_v<T, std::string>) {
    out += text_label(value);
  } else if constexpr (std::is_enum_v<T>) {
    if (const std::string_view name = choice_name(value); !name.empty())
      out += name;
    else
      append_label(out, static_cast<std::underlying_type_t<T>>(value));
  } else {
    append_json(out, value);
  }
}

/// The names of an enumeration's values, or of a list's elements'.
template <class T>
std::vector<std::string_view> choice_names() {
  std::vector<std::string_view> names;
  if constexpr (is_list<T>) {
    return choice_names<typename T::value_type>();
  } else if constexpr (std::is_enum_v<T>) {
    for (const auto& choice : choices_of<T>) names.push_back(choice.name);
  }
  return names;
}

template <class T>
constexpr bool check_value() {
  static_assert(Value<T>,
                "a parameter is a bool, an integer, a float or double, a "
                "std::string, an enum, or a std::vector of one of these");
  return Value<T>;
}

/// Whether T can hold parameters; refuses it with a sentence if not.
template <class T>
constexpr bool check_parameters() {
  if constexpr (check_fields<T>()) {
    return []<class... U>(std::tuple<U&...>*) {
      return (check_value<std::remove_const_t<U>>() && ...);
    }(static_cast<decltype(fields_of(std::declval<T&>()))*>(nullptr));
  } else {
    return false;
  }
}

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_VALUE_HPP
