// The types a configuration value may have, and how values are written as
// JSON. All that parameters may be is among them; they nest.
#ifndef EH_DETAIL_CONFIG_VALUE_HPP
#define EH_DETAIL_CONFIG_VALUE_HPP

#include <array>
#include <chrono>
#include <cstddef>
#include <eh/detail/config.hpp>
#include <eh/detail/duration.hpp>
#include <eh/detail/text.hpp>
#include <eh/detail/value.hpp>
#include <eh/reflect.hpp>
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace eh {
class Secret;
}

namespace eh EH_HIDDEN {
namespace detail {

enum class ConfigKind {
  none,
  boolean,
  integer,
  real,
  text,
  path,
  choice,
  duration,
  list,
  array,  // a list of fixed length
  map,
  optional,
  object,
  secret
};

/// What T is built of: the type of the elements, if it has such.
template <class T>
struct ConfigShape {
  static constexpr ConfigKind kind = ConfigKind::none;
};
template <class T, class A>
struct ConfigShape<std::vector<T, A>> {
  static constexpr ConfigKind kind = ConfigKind::list;
  using Element = T;
};
template <class T, std::size_t N>
struct ConfigShape<std::array<T, N>> {
  static constexpr ConfigKind kind = ConfigKind::array;
  using Element = T;
};
template <class T, class C, class A>
struct ConfigShape<std::map<std::string, T, C, A>> {
  static constexpr ConfigKind kind = ConfigKind::map;
  using Element = T;
};
template <class T, class H, class E, class A>
struct ConfigShape<std::unordered_map<std::string, T, H, E, A>> {
  static constexpr ConfigKind kind = ConfigKind::map;
  using Element = T;
};
template <class T>
struct ConfigShape<std::optional<T>> {
  static constexpr ConfigKind kind = ConfigKind::optional;
  using Element = T;
};

template <class T>
using ConfigElement = typename ConfigShape<T>::Element;

template <class T>
constexpr ConfigKind find_config_kind() {
  if constexpr (std::is_same_v<T, bool>) return ConfigKind::boolean;
  if constexpr (Integer<T>) return ConfigKind::integer;
  if constexpr (Real<T>) return ConfigKind::real;
  if constexpr (std::is_same_v<T, std::string>) return ConfigKind::text;
  if constexpr (std::is_same_v<T, std::filesystem::path>)
    return ConfigKind::path;
  if constexpr (std::is_same_v<T, Secret>) return ConfigKind::secret;
  if constexpr (std::is_enum_v<T>) return ConfigKind::choice;
  if constexpr (is_duration<T>) return ConfigKind::duration;
  if constexpr (ConfigShape<T>::kind != ConfigKind::none)
    return ConfigShape<T>::kind;
  if constexpr (std::is_class_v<T> &&
                (std::is_aggregate_v<T> || DeclaresParameters<T>))
    return ConfigKind::object;
  return ConfigKind::none;
}

template <class T>
inline constexpr ConfigKind config_kind = find_config_kind<T>();

/// Writes the members of a JSON object, one after the other.
class ObjectWriter {
 public:
  explicit ObjectWriter(std::string& out) : out_(out) { out_ += '{'; }
  /// To be followed by the member's value.
  std::string& key(std::string_view name) {
    if (!empty_) out_ += ',';
    empty_ = false;
    append_json_text(out_, name);
    return out_ += ':';
  }
  void finish() { out_ += '}'; }

 private:
  std::string& out_;
  bool empty_ = true;
};

/// Writes the elements of a JSON array.
class ListWriter {
 public:
  explicit ListWriter(std::string& out) : out_(out) { out_ += '['; }
  /// To be followed by the element.
  std::string& next() {
    if (!empty_) out_ += ',';
    empty_ = false;
    return out_;
  }
  void finish() { out_ += ']'; }

 private:
  std::string& out_;
  bool empty_ = true;
};

template <class T>
void append_config(std::string& out, const T& value);

/// Throws std::runtime_error: a host takes names alone.
template <class E>
void append_choice(std::string& out, E value) {
  const std::string_view name = choice_name(value);
  if (name.empty()) {
    std::string number;
    append_integer(number, static_cast<std::underlying_type_t<E>>(value));
    throw std::runtime_error("the " + std::string(type_name<E>()) + " " +
                             number + " has no name");
  }
  append_json_text(out, name);
}

/// Throws std::runtime_error for what is not UTF-8: it would come back changed.
inline void append_config_text(std::string& out, std::string_view text) {
  const std::size_t before = out.size();
  append_json_text(out, text);
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t length = utf8_length(rest);
    if (length == 0)
      throw std::runtime_error("a text has to be UTF-8, not " +
                               out.substr(before));
    rest.remove_prefix(length);
  }
}

/// In the order of the keys, whatever the map's.
template <class Map>
void append_map(std::string& out, const Map& map) {
  std::map<std::string_view, const ConfigElement<Map>*> sorted;
  for (const auto& [key, element] : map) sorted.emplace(key, &element);
  ObjectWriter object(out);
  for (const auto& [key, element] : sorted) {
    std::string checked;
    append_config_text(checked, key);
    append_config(object.key(key), *element);
  }
  object.finish();
}

template <class T>
void append_members(ObjectWriter& object, const T& value) {
  for_each_field(value, [&]<class M>(std::string_view name, const M& member) {
    if constexpr (config_kind<M> != ConfigKind::secret)
      append_config(object.key(name), member);
  });
}

/// Appends a value's JSON, which reads back as the very same value. Throws
/// std::runtime_error for a value that has none.
template <class T>
void append_config(std::string& out, const T& value) {
  constexpr ConfigKind kind = config_kind<T>;
  if constexpr (kind == ConfigKind::text) {
    append_config_text(out, value);
  } else if constexpr (kind == ConfigKind::path) {
    append_config_text(out, value.native());
  } else if constexpr (kind == ConfigKind::choice) {
    append_choice(out, value);
  } else if constexpr (kind == ConfigKind::duration) {
    out += '"';
    append_duration(out, value);
    out += '"';
  } else if constexpr (kind == ConfigKind::list || kind == ConfigKind::array) {
    ListWriter list(out);
    for (std::size_t i = 0; i < value.size(); ++i)
      append_config<ConfigElement<T>>(list.next(), value[i]);
    list.finish();
  } else if constexpr (kind == ConfigKind::map) {
    append_map(out, value);
  } else if constexpr (kind == ConfigKind::optional) {
    if (value)
      append_config(out, *value);
    else
      out += "null";
  } else if constexpr (kind == ConfigKind::object) {
    ObjectWriter object(out);
    append_members(object, value);
    object.finish();
  } else {
    append_json(out, value);
  }
}

// ---- What may not be one.

template <class T, class... Outer>
constexpr bool check_config_value();

/// Refuses, with a sentence, a struct within a configuration.
template <class T, class... Outer>
constexpr bool check_config_struct() {
  constexpr StructFault fault = struct_fault<T>();
  static_assert(!(std::is_same_v<T, Outer> || ...),
                "a struct in a configuration cannot contain itself");
  static_assert(fault != StructFault::no_default,
                "each member of a struct in a configuration needs a default "
                "value");
  static_assert(fault != StructFault::no_copy,
                "a struct in a configuration has no reference, const or "
                "move-only member");
  static_assert(fault != StructFault::not_listed,
                "EH_PARAMETERS (or EH_CONFIG) does not list every member of "
                "the struct");
  static_assert(fault != StructFault::base,
                "a struct in a configuration has no base class");
  static_assert(fault != StructFault::too_many,
                "a struct in a configuration has at most 32 members");
  static_assert(fault != StructFault::array,
                "a configuration has no array member: use std::array<T, N> or "
                "std::vector<T>");
  static_assert(fault != StructFault::unnamed,
                "this compiler cannot name members: write "
                "EH_PARAMETERS(Struct, first, second, ...) after the struct");
  if constexpr (fault == StructFault::none &&
                !(std::is_same_v<T, Outer> || ...))
    return []<class... M>(std::tuple<M&...>*) {
      return (check_config_value<std::remove_const_t<M>, T, Outer...>() && ...);
    }(static_cast<decltype(fields_of(std::declval<T&>()))*>(nullptr));
  return false;
}

/// Refuses, with a sentence, what cannot be a configuration value. `Outer` are
/// the structs around it.
template <class T, class... Outer>
constexpr bool check_config_value() {
  constexpr ConfigKind kind = config_kind<T>;
  static_assert(kind != ConfigKind::none && kind != ConfigKind::secret,
                "a configuration value is a bool, an integer, a float or "
                "double, a std::string, a std::filesystem::path, an enum, a "
                "std::chrono::duration, a plain struct of these, or a "
                "std::vector, std::array, std::optional, or std::map or "
                "std::unordered_map from std::string, of any of these");
  if constexpr (kind == ConfigKind::optional) {
    static_assert(config_kind<ConfigElement<T>> != ConfigKind::optional,
                  "a configuration has no optional of an optional: both are "
                  "empty as null");
  }
  if constexpr (kind == ConfigKind::object)
    return check_config_struct<T, Outer...>();
  else if constexpr (ConfigShape<T>::kind != ConfigKind::none)
    return check_config_value<ConfigElement<T>, Outer...>();
  else
    return kind != ConfigKind::none && kind != ConfigKind::secret;
}

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_CONFIG_VALUE_HPP
