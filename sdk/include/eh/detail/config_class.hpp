// What a configuration class consists of: its own members, those of the
// classes that it derives from, and those of eh::Config.
//
// A class cannot be asked for its bases. But a pointer to it converts to a
// pointer to a base, and overload resolution takes the nearest: while EH_CONFIG
// declares eh_lineage_of() for a class, the call in its return type finds the
// one of the class before it.
#ifndef EH_DETAIL_CONFIG_CLASS_HPP
#define EH_DETAIL_CONFIG_CLASS_HPP

#include <cstddef>
#include <eh/detail/config.hpp>
#include <eh/detail/config_value.hpp>
#include <eh/framework_config.hpp>
#include <eh/reflect.hpp>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace eh EH_HIDDEN {
namespace detail {

/// Lets eh_lineage_of() be found in this namespace, too.
struct Search {};

/// The classes that a configuration class derives from, itself first.
template <class T, class Older>
struct Lineage {
  using Type = T;
  using Next = Older;
};

/// What is before eh::Config, and before a plain struct.
struct NoClass {
  using Type = void;
};

constexpr NoClass eh_lineage_of(Search, const void*) {
  return {};
}
constexpr Lineage<Config, NoClass> eh_lineage_of(Search, const Config*) {
  return {};
}

template <class C>
using LineageOf =
    decltype(eh_lineage_of(Search{}, static_cast<const C*>(nullptr)));

template <class C>
inline constexpr bool is_framework_config = std::is_base_of_v<Config, C>;

/// Calls `visit` with the object as each of its classes but eh::Config, the
/// first base first.
template <class List, class C, class Visit>
constexpr void visit_lineage(C& config, const Visit& visit) {
  if constexpr (!std::is_same_v<List, NoClass>) {
    using Type = typename List::Type;
    using Part = std::conditional_t<std::is_const_v<C>, const Type, Type>;
    visit_lineage<typename List::Next>(config, visit);
    if constexpr (!std::is_same_v<Type, Config>)
      visit(static_cast<Part&>(config));
  }
}

/// Calls `visit(name, member)` for each member that is not eh::Config's.
template <class C, class Visit>
constexpr void for_each_own(C& config, const Visit& visit) {
  using Plain = std::remove_const_t<C>;
  if constexpr (is_framework_config<Plain>)
    visit_lineage<LineageOf<Plain>>(
        config, [&](auto& part) { for_each_field(part, visit); });
  else
    for_each_field(config, visit);
}

// ---- What may not be one.

/// Stands for any base of C, except B and the bases of B.
template <class C, class B>
struct AnyOtherBase {
  template <class U>
  requires(std::is_base_of_v<U, C> && !std::is_base_of_v<U, B> &&
           !std::is_same_v<U, C>) constexpr
  operator U&() const noexcept;
};

/// Whether an aggregate has another first base than B.
template <class C, class B>
inline constexpr bool has_other_base = requires {
  C{AnyOtherBase<C, B>{}};
};

template <class T>
struct OwnerOf;
template <class M, class C>
struct OwnerOf<M C::*> {
  using Type = C;
};

/// Whether each pointer that EH_CONFIG lists is one to a member of C itself.
template <class C, class... M>
constexpr bool are_own(const std::tuple<NamedMember<M>...>&) {
  return (std::is_same_v<C, typename OwnerOf<M>::Type> && ...);
}

/// How often a name stands in a class and all that it derives from.
template <class List>
constexpr std::size_t count_inherited(std::string_view name) {
  std::size_t count = 0;
  if constexpr (!std::is_same_v<List, NoClass>) {
    for (const std::string_view other : field_names<typename List::Type>)
      count += other == name ? 1 : 0;
    count += count_inherited<typename List::Next>(name);
  }
  return count;
}

template <class C, class List>
constexpr bool repeats_name() {
  for (const std::string_view name : field_names<C>)
    if (count_inherited<List>(name) > 0) return true;
  return false;
}

template <class C>
constexpr bool check_own_values() {
  return []<class... M>(std::tuple<M&...>*) {
    return (check_config_value<std::remove_const_t<M>, C>() && ...);
  }(static_cast<decltype(fields_of(std::declval<C&>()))*>(nullptr));
}

/// Refuses, with a sentence, an aggregate with members that nobody listed.
template <class C, class Base>
constexpr bool check_listed() {
  if constexpr (std::is_aggregate_v<C>) {
    static_assert(!has_other_base<C, Base>,
                  "write EH_CONFIG(MyConfig, first, second, ...) after each "
                  "class that this one derives from, too");
    if constexpr (!has_other_base<C, Base> && !has_array<C> &&
                  field_count<C> <= max_fields)
      static_assert(field_count<C> == field_names<C>.size() + 1,
                    "EH_CONFIG does not list every member of the class, or "
                    "the class has several base classes");
  }
  return true;
}

/// Refuses, with a sentence, a class derived from eh::Config.
template <class C>
constexpr bool check_derived() {
  using Own = LineageOf<C>;
  constexpr bool listed = std::is_same_v<typename Own::Type, C>;
  static_assert(listed,
                "write EH_CONFIG(MyConfig, first, second, ...) after a class "
                "that derives from eh::Config");
  if constexpr (listed) {
    constexpr bool own = are_own<C>(eh_parameters_of(Tag<C>{}));
    static_assert(own,
                  "EH_CONFIG lists the members of the class itself: those of "
                  "a base class are listed in that class's own EH_CONFIG");
    if constexpr (own) {
      static_assert(!repeats_name<C, typename Own::Next>(),
                    "a member of a configuration class has the name of one "
                    "that it inherits");
      if constexpr (check_own_values<C>())
        return check_listed<C, typename Own::Next::Type>();
    }
  }
  return false;
}

/// Refuses, with a sentence, a plain struct.
template <class C>
constexpr bool check_plain() {
  constexpr StructFault fault = struct_fault<C>();
  static_assert(
      fault != StructFault::no_aggregate && fault != StructFault::base,
      "a configuration class derives from eh::Config, or is a plain "
      "struct without base class and constructor");
  if constexpr (fault != StructFault::no_aggregate &&
                fault != StructFault::base && check_config_struct<C>()) {
    static_assert(!repeats_name<C, LineageOf<Config>>(),
                  "a member of a configuration class has the name of one of "
                  "eh::Config's");
    return true;
  }
  return false;
}

/// Whether C can be a configuration; refuses it with a sentence if not.
template <class C>
constexpr bool check_config() {
  static_assert(std::is_class_v<C>,
                "a configuration is a class: the last argument of EH_GROUP is "
                "one that derives from eh::Config, or a plain struct");
  static_assert(std::is_default_constructible_v<C>,
                "a configuration class needs a default for each member, and a "
                "default constructor");
  if constexpr (std::is_class_v<C> && std::is_default_constructible_v<C>) {
    if constexpr (std::is_same_v<C, Config>)
      return true;
    else if constexpr (is_framework_config<C>)
      return check_derived<C>();
    else
      return check_plain<C>();
  }
  return false;
}

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_CONFIG_CLASS_HPP
