// A configuration class in the form that abi.h gives it, and the values of a
// configuration.
#ifndef EH_DETAIL_CONFIG_SCHEMA_HPP
#define EH_DETAIL_CONFIG_SCHEMA_HPP

#include <chrono>
#include <cstddef>
#include <eh/detail/config.hpp>
#include <eh/detail/config_class.hpp>
#include <eh/detail/config_read.hpp>
#include <eh/detail/config_value.hpp>
#include <eh/detail/group_class.hpp>
#include <eh/framework_config.hpp>
#include <limits>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace eh EH_HIDDEN {
namespace detail {

// ---- Types.

template <class D>
std::string duration_text() {
  if constexpr (std::is_same_v<D, Duration>) return "eh::Duration";
  if constexpr (std::is_same_v<D, std::chrono::nanoseconds>)
    return "std::chrono::nanoseconds";
  if constexpr (std::is_same_v<D, std::chrono::microseconds>)
    return "std::chrono::microseconds";
  if constexpr (std::is_same_v<D, std::chrono::milliseconds>)
    return "std::chrono::milliseconds";
  if constexpr (std::is_same_v<D, std::chrono::seconds>)
    return "std::chrono::seconds";
  if constexpr (std::is_same_v<D, std::chrono::minutes>)
    return "std::chrono::minutes";
  if constexpr (std::is_same_v<D, std::chrono::hours>)
    return "std::chrono::hours";
  if constexpr (std::is_same_v<D, std::chrono::days>)
    return "std::chrono::days";
  return "std::chrono::duration";
}

/// A type as one would write it.
template <class T>
std::string config_type_text() {
  constexpr ConfigKind kind = config_kind<T>;
  if constexpr (kind == ConfigKind::path) {
    return "std::filesystem::path";
  } else if constexpr (kind == ConfigKind::duration) {
    return duration_text<T>();
  } else if constexpr (ConfigShape<T>::kind != ConfigKind::none) {
    const std::string element = config_type_text<ConfigElement<T>>();
    if constexpr (kind == ConfigKind::list)
      return "std::vector<" + element + ">";
    else if constexpr (kind == ConfigKind::array)
      return "std::array<" + element + ", " +
             std::to_string(std::tuple_size_v<T>) + ">";
    else if constexpr (kind == ConfigKind::map)
      return "std::map<std::string, " + element + ">";
    else
      return "std::optional<" + element + ">";
  } else {
    return type_text<T>();
  }
}

constexpr std::string_view kind_text(ConfigKind kind) {
  switch (kind) {
    case ConfigKind::boolean:
      return "bool";
    case ConfigKind::integer:
      return "integer";
    case ConfigKind::real:
      return "real";
    case ConfigKind::text:
      return "text";
    case ConfigKind::path:
      return "path";
    case ConfigKind::choice:
      return "choice";
    case ConfigKind::duration:
      return "duration";
    case ConfigKind::list:
    case ConfigKind::array:
      return "list";
    case ConfigKind::map:
      return "map";
    case ConfigKind::optional:
      return "optional";
    case ConfigKind::object:
      return "object";
    case ConfigKind::none:
    case ConfigKind::secret:
      break;
  }
  return {};
}

template <class T>
void append_type(ObjectWriter& object, const T& value);

/// What abi.h calls MEMBER.
template <class M>
void append_member(ListWriter& members, std::string_view name, const M& value) {
  ObjectWriter object(members.next());
  append_json_text(object.key("name"), name);
  append_type(object, value);
  append_config(object.key("value"), value);
  object.finish();
}

/// What abi.h calls TYPE. `value` is where the defaults of a struct's members
/// come from.
template <class T>
void append_type(ObjectWriter& object, const T& value) {
  constexpr ConfigKind kind = config_kind<T>;
  append_json_text(object.key("kind"), kind_text(kind));
  if constexpr (kind == ConfigKind::integer) {
    append_integer(object.key("min"), std::numeric_limits<T>::min());
    append_integer(object.key("max"), std::numeric_limits<T>::max());
  } else if constexpr (kind == ConfigKind::real && sizeof(T) < 8) {
    object.key("single") += "true";
  } else if constexpr (kind == ConfigKind::choice) {
    ListWriter choices(object.key("choices"));
    for (const std::string_view name : choice_names<T>())
      append_json_text(choices.next(), name);
    choices.finish();
  } else if constexpr (kind == ConfigKind::duration) {
    if constexpr (has_ticks<T>) {
      using Limits = std::numeric_limits<typename T::rep>;
      append_real(object.key("tick"), tick_seconds<T>);
      append_integer(object.key("min"), Limits::min());
      append_integer(object.key("max"), Limits::max());
    }
  } else if constexpr (kind == ConfigKind::array) {
    append_integer(object.key("length"), std::tuple_size_v<T>);
  } else if constexpr (kind == ConfigKind::object) {
    ListWriter members(object.key("members"));
    for_each_field(value, [&](std::string_view name, const auto& member) {
      append_member(members, name, member);
    });
    members.finish();
  }
  append_json_text(object.key("type"), config_type_text<T>());
  if constexpr (ConfigShape<T>::kind != ConfigKind::none) {
    ObjectWriter element(object.key("element"));
    append_type<ConfigElement<T>>(element, ConfigElement<T>{});
    element.finish();
  }
}

// ---- Values.

template <class T>
std::string config_text(const T& value) {
  std::string out;
  append_config(out, value);
  return out;
}

template <class T>
void append_changes(ObjectWriter& object, const T& value, const T& standard,
                    const T& its_standard);

template <class M>
void append_change(ObjectWriter& object, std::string_view name, const M& value,
                   const M& standard, const M& its_standard) {
  if constexpr (config_kind<M> == ConfigKind::object) {
    std::string changes;
    ObjectWriter inner(changes);
    append_changes(inner, value, standard, its_standard);
    inner.finish();
    if (changes != "{}") object.key(name) += changes;
  } else if constexpr (config_kind<M> != ConfigKind::secret) {
    const std::string text = config_text(value);
    if (text != config_text(standard) || text != config_text(its_standard))
      object.key(name) += text;
  }
}

/// Appends the members whose values are not those of both others. Structs are
/// compared by their members.
template <class T>
void append_changes(ObjectWriter& object, const T& value, const T& standard,
                    const T& its_standard) {
  const auto values = fields_of(value), standards = fields_of(standard),
             its_standards = fields_of(its_standard);
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (append_change(object, field_names<T>[I], std::get<I>(values),
                   std::get<I>(standards), std::get<I>(its_standards)),
     ...);
  }
  (std::make_index_sequence<field_names<T>.size()>{});
}

/// The framework's values that are not its defaults, or not the class's.
template <class C>
void append_overrides(ObjectWriter& object, const C& config,
                      const C& its_standard) {
  if constexpr (is_framework_config<C>) {
    const Config standard;
    append_changes<Config>(object, config, standard, its_standard);
  }
}

template <class C>
std::string config_values(const C& config) {
  std::string out;
  ObjectWriter object(out);
  if constexpr (!std::is_same_v<C, Config>)
    for_each_own(config, [&](std::string_view name, const auto& member) {
      append_config(object.key(name), member);
    });
  append_overrides(object, config, C{});
  object.finish();
  return out;
}

/// eh_group.config. Throws what the default constructor throws, and
/// std::runtime_error for defaults that have no JSON.
template <class C>
std::string describe_config() {
  const C config{};
  std::string out;
  ObjectWriter object(out);
  append_json_text(object.key("class"), type_name<C>());
  ListWriter members(object.key("members"));
  if constexpr (!std::is_same_v<C, Config>)
    for_each_own(config, [&](std::string_view name, const auto& member) {
      append_member(members, name, member);
    });
  members.finish();
  ObjectWriter overrides(object.key("overrides"));
  append_overrides(overrides, config, config);
  overrides.finish();
  object.finish();
  return out;
}

/// The class of a group: EH_GROUP's last argument, if it has it.
template <class... C>
constexpr GroupClass group_class() {
  static_assert(sizeof...(C) <= 1, "a group has one configuration class");
  GroupClass its;
  if constexpr (sizeof...(C) == 1)
    if constexpr ((check_config<C>() && ...))
      ((its = GroupClass{type_name<C>(), &class_tag<C>, &describe_config<C>,
                         &read_group_class<C>}),
       ...);
  return its;
}

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_CONFIG_SCHEMA_HPP
