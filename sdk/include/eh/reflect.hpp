// What a parameter struct consists of: its members' names and types, and the
// names of an enumeration's values.
//
// With gcc nothing is needed but the struct. Where the compiler cannot tell
// (nvcc, older clang), one line after the struct does:
//
//   struct Queue { double load = 0.5; int servers = 1; };
//   EH_PARAMETERS(Queue, load, servers)
//   enum class Method { fast, slow };
//   EH_CHOICES(Method, fast, slow)
//
// Both work with every compiler, in the namespace of the type. EH_CHOICES is
// also for enumerators outside of -16..239, which are not found otherwise.
#ifndef EH_REFLECT_HPP
#define EH_REFLECT_HPP

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <eh/detail/config.hpp>
#include <eh/detail/fields.hpp>
#include <eh/detail/foreach.hpp>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace eh EH_HIDDEN {
namespace detail {

template <class T>
struct Tag {};

template <class Member>
struct NamedMember {
  std::string_view name;
  Member member;
};

template <class E>
struct NamedChoice {
  std::string_view name;
  E value;
};

template <class T>
concept DeclaresParameters = requires {
  eh_parameters_of(Tag<T>{});
};

template <class E>
concept DeclaresChoices = requires {
  eh_choices_of(Tag<E>{});
};

// ---- Names that the compiler writes into __PRETTY_FUNCTION__.

template <class T>
constexpr const char* pretty_type() {
  return __PRETTY_FUNCTION__;
}

/// A type's name for people; "{anonymous}::" and the like are left out.
template <class T>
constexpr std::string_view type_name() {
  std::string_view name = pretty_type<T>();
  name.remove_prefix(name.find("T = ") + 4);
  name = name.substr(0, name.find_last_of(']'));
  for (const std::string_view unnamed :
       {"{anonymous}::", "<unnamed>::", "(anonymous namespace)::"})
    if (name.substr(0, unnamed.size()) == unnamed)
      name.remove_prefix(unnamed.size());
  // nvcc's: "_GLOBAL__N__4954e153_9_queues_cc::".
  if (name.substr(0, 11) == "_GLOBAL__N_")
    name.remove_prefix(name.find("::") + 2);
  return name;
}

#if EH_DETAIL_REFLECTS

template <class T>
struct Unmade {
  T value;
};

// Never defined: only its members' addresses are named.
template <class T>
extern const Unmade<T> unmade;

template <auto Member>
constexpr const char* pretty_member() {
  return __PRETTY_FUNCTION__;
}

/// From "...[with auto Member = (& unmade<Q>....Q::load)]".
template <class T, std::size_t I>
constexpr std::string_view find_member_name() {
  std::string_view name = pretty_member<&std::get<I>(
      tie_fields<field_count<T>>(unmade<T>.value))>();
  name = name.substr(0, name.find_last_of(')'));
  return name.substr(name.find_last_of(':') + 1);
}

template <class E, auto... V>
constexpr const char* pretty_choices() {
  return __PRETTY_FUNCTION__;
}

template <class E>
struct ChoiceRange {
  using Number = std::underlying_type_t<E>;
  static constexpr int first = std::is_signed_v<Number> ? -16 : 0;
  static constexpr int count = std::is_same_v<Number, bool> ? 2
                               : sizeof(Number) > 1         ? 256
                               : std::is_signed_v<Number>   ? 144
                                                            : 256;
};

// An unscoped enumeration may have fewer values than are asked for.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
/// From "...V = {Method::fast, (Method)1, ...}]": what is not in parentheses.
template <class E, std::size_t... I>
constexpr auto scan_choices(std::index_sequence<I...>) {
  using Range = ChoiceRange<E>;
  std::array<NamedChoice<E>, sizeof...(I)> all{};
  std::string_view text =
      pretty_choices<E, static_cast<E>(static_cast<typename Range::Number>(
                            static_cast<int>(I) + Range::first))...>();
  text.remove_prefix(text.find("V = {") + 5);
  std::size_t begin = 0, item = 0, name = 0;
  int depth = 0;
  for (std::size_t i = 0; i < text.size() && item < all.size(); ++i) {
    const char c = text[i];
    if (c == '<' || c == '(') ++depth;
    if (c == '>' || c == ')') --depth;
    if (c == ':') name = i + 1;
    if (depth > 0 || (c != ',' && c != '}')) continue;
    const std::size_t start = name > begin ? name : begin;
    if (text[begin] != '(') all[item].name = text.substr(start, i - start);
    all[item].value = static_cast<E>(static_cast<typename Range::Number>(
        static_cast<int>(item) + Range::first));
    ++item;
    begin = i + 2;
  }
  return all;
}
#pragma GCC diagnostic pop

template <class E>
constexpr auto find_choices() {
  constexpr auto all =
      scan_choices<E>(std::make_index_sequence<ChoiceRange<E>::count>{});
  constexpr std::size_t count = [&] {
    std::size_t named = 0;
    for (const auto& choice : all) named += choice.name.empty() ? 0 : 1;
    return named;
  }();
  std::array<NamedChoice<E>, count> choices{};
  std::size_t next = 0;
  for (const auto& choice : all)
    if (!choice.name.empty()) choices[next++] = choice;
  return choices;
}

#endif  // EH_DETAIL_REFLECTS

// ---- What the rest of the SDK asks for.

template <class E>
constexpr auto make_choices() {
  if constexpr (DeclaresChoices<E>) {
    return eh_choices_of(Tag<E>{});
  } else {
#if EH_DETAIL_REFLECTS
    return find_choices<E>();
#else
    static_assert(DeclaresChoices<E>,
                  "this compiler cannot name enumerators: write "
                  "EH_CHOICES(Enum, first, second, ...) after the enum");
    return std::array<NamedChoice<E>, 0>{};
#endif
  }
}

/// An enumeration's named values.
template <class E>
EH_HIDDEN inline constexpr auto choices_of = make_choices<E>();

/// A tuple of references to the members of a parameter struct.
template <class T>
constexpr auto fields_of(T& value) {
  using Plain = std::remove_const_t<T>;
  if constexpr (DeclaresParameters<Plain>) {
    return std::apply(
        [&](const auto&... named) { return std::tie(value.*named.member...); },
        eh_parameters_of(Tag<Plain>{}));
  } else {
    return tie_fields<field_count<Plain>>(value);
  }
}

template <class T>
constexpr auto make_field_names() {
  if constexpr (DeclaresParameters<T>) {
    return std::apply(
        [](const auto&... named) {
          return std::array<std::string_view, sizeof...(named)>{named.name...};
        },
        eh_parameters_of(Tag<T>{}));
  } else {
#if EH_DETAIL_REFLECTS
    return []<std::size_t... I>(std::index_sequence<I...>) {
      return std::array<std::string_view, sizeof...(I)>{
          find_member_name<T, I>()...};
    }
    (std::make_index_sequence<field_count<T>>{});
#else
    return std::array<std::string_view, 0>{};
#endif
  }
}

/// The names of a parameter struct's members, in order.
template <class T>
EH_HIDDEN inline constexpr auto field_names = make_field_names<T>();

/// Calls `visit(name, member)` for each member.
template <class T, class Visit>
constexpr void for_each_field(T& value, const Visit& visit) {
  [&]<std::size_t... I>(auto fields, std::index_sequence<I...>) {
    (visit(field_names<std::remove_const_t<T>>[I], std::get<I>(fields)), ...);
    static_cast<void>(fields);
  }
  (fields_of(value),
   std::make_index_sequence<field_names<std::remove_const_t<T>>.size()>{});
}

/// What keeps a struct from having its members named and set.
enum class StructFault {
  none,
  no_class,
  no_default,
  no_copy,
  not_listed,  // some member is not, in EH_PARAMETERS
  no_aggregate,
  base,
  too_many,
  array,
  unnamed
};

template <class T>
constexpr StructFault struct_fault() {
  if constexpr (!std::is_class_v<T>) {
    return StructFault::no_class;
  } else if constexpr (!std::is_default_constructible_v<T>) {
    return StructFault::no_default;
  } else if constexpr (!std::is_copy_constructible_v<T> ||
                       !std::is_copy_assignable_v<T>) {
    return StructFault::no_copy;
  } else if constexpr (DeclaresParameters<T>) {
    if constexpr (std::is_aggregate_v<T>)
      if constexpr (!has_base<T> && !has_array<T> &&
                    field_count<T> <= max_fields &&
                    field_count<T> != field_names<T>.size())
        return StructFault::not_listed;
    return StructFault::none;
  } else if constexpr (!std::is_aggregate_v<T>) {
    return StructFault::no_aggregate;
  } else {
    if constexpr (has_base<T>) return StructFault::base;
    if constexpr (has_array<T>) return StructFault::array;
    if constexpr (field_count < T >> max_fields) return StructFault::too_many;
    return EH_DETAIL_REFLECTS || field_count<T> == 0 ? StructFault::none
                                                     : StructFault::unnamed;
  }
}

/// Refuses, with a sentence, a struct that cannot hold parameters.
template <class T>
constexpr bool check_fields() {
  constexpr StructFault fault = struct_fault<T>();
  static_assert(fault != StructFault::no_class,
                "the parameters of an experiment are members of a struct");
  static_assert(fault != StructFault::no_default,
                "each member of a parameter struct needs a default value");
  static_assert(fault != StructFault::no_copy,
                "a parameter struct has no reference, const or move-only "
                "member: each value of a sweep is assigned to it");
  static_assert(fault != StructFault::not_listed,
                "EH_PARAMETERS does not list every member of the struct");
  static_assert(fault != StructFault::no_aggregate,
                "a parameter struct is a plain aggregate: public members "
                "with defaults, no constructors, no virtual functions");
  static_assert(fault != StructFault::base,
                "a parameter struct has no base class: write all "
                "parameters into one struct");
  static_assert(fault != StructFault::too_many,
                "a parameter struct has at most 32 members");
  static_assert(fault != StructFault::array,
                "a parameter struct has no array member: use "
                "std::vector<T>");
  static_assert(fault != StructFault::unnamed,
                "this compiler cannot name members: write "
                "EH_PARAMETERS(Struct, first, second, ...) after the "
                "struct");
  return fault == StructFault::none;
}

}  // namespace detail
}  // namespace EH_HIDDEN

#define EH_DETAIL_MEMBER(type, name)                 \
  ::eh::detail::NamedMember<decltype(&type::name)> { \
#name, &type::name                               \
  }
#define EH_DETAIL_CHOICE(type, name) \
  ::eh::detail::NamedChoice<type> {  \
#name, type::name                \
  }

/// EH_PARAMETERS(Queue, load, servers): the members of Queue.
#define EH_PARAMETERS(type, ...)                                              \
  [[maybe_unused]] constexpr auto eh_parameters_of(::eh::detail::Tag<type>) { \
    return std::tuple{EH_DETAIL_EACH(EH_DETAIL_MEMBER, type, __VA_ARGS__)};   \
  }

/// EH_CHOICES(Method, fast, slow): the values of the enumeration Method.
#define EH_CHOICES(type, ...)                                               \
  [[maybe_unused]] constexpr auto eh_choices_of(::eh::detail::Tag<type>) {  \
    return std::array{EH_DETAIL_EACH(EH_DETAIL_CHOICE, type, __VA_ARGS__)}; \
  }

#endif  // EH_REFLECT_HPP
