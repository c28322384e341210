// The types that a checkpoint can keep, and how each is called in its first
// line: with all members and their types, so that a state that changed since is
// told from it.
#ifndef EH_DETAIL_STATE_TYPE_HPP
#define EH_DETAIL_STATE_TYPE_HPP

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <eh/detail/config.hpp>
#include <eh/detail/data_type.hpp>
#include <eh/reflect.hpp>
#include <filesystem>
#include <istream>
#include <ostream>
#include <random>
#include <ranges>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace eh EH_HIDDEN {

/// Tells layouts of a state apart, by a number or a text.
class StateVersion {
 public:
  StateVersion() = default;
  StateVersion(std::integral auto number) : text_(std::to_string(number)) {}
  /// Throws std::invalid_argument for a text of several lines.
  StateVersion(std::string_view text) : text_(text) {
    if (text.find('\n') != std::string_view::npos)
      throw std::invalid_argument(
          "cannot use a text of several lines as a state's version");
  }
  StateVersion(const char* text) : StateVersion(std::string_view(text)) {}
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

namespace detail {

template <class T>
inline constexpr bool is_bits = false;
template <class A>
inline constexpr bool is_bits<std::vector<bool, A>> = true;

template <class T>
concept StateList = requires(T& list, typename T::value_type& value) {
  list.push_back(value);
  list.resize(list.size());
  list.begin();
};

template <class T>
concept StateKeyed = std::ranges::range<T> && requires(T& keyed) {
  typename T::key_type;
  keyed.clear();
};

template <class T>
concept StateHashed = StateKeyed<T> && requires(T& hashed) {
  hashed.bucket_count();
};

template <class T>
concept StateTuple = !is_fixed_array<T> && requires {
  std::tuple_size<T>::value;
};

template <class T>
concept Streamed = std::equality_comparable<T> &&
    requires(T& value, std::istream& in, std::ostream& out) {
  in >> value;
  out << value;
};

/// Engines and distributions of <random>, and what is like them.
template <class T>
concept StateRandom = Streamed<T> && requires {
  typename T::result_type;
} &&(
    requires(T& engine) { engine.discard(1); } ||
    requires(T & distribution) {
      typename T::param_type;
      distribution.reset();
    });

enum class StateKind {
  none,
  pointer,  // or a view: nothing that another process could use
  number,
  memory,  // trivially copyable, of unknown members
  list,
  bits,
  array,
  tuple,
  optional,
  keyed,
  hashed,
  path,
  random,
  structure
};

template <class T>
constexpr StateKind state_class_kind() {
  // Else one that lists some of its members loses the others.
  if constexpr (struct_fault<T>() == StructFault::none &&
                (std::is_aggregate_v<T> || !std::is_trivially_copyable_v<T>))
    return StateKind::structure;
  else if constexpr (std::is_trivially_copyable_v<T>)
    return StateKind::memory;
  else if constexpr (StateRandom<T>)
    return StateKind::random;
  else
    return StateKind::none;
}

template <class T>
constexpr StateKind find_state_kind() {
  if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>)
    return StateKind::number;
  else if constexpr (std::is_pointer_v<T> || std::is_member_pointer_v<T> ||
                     std::is_null_pointer_v<T> ||
                     std::ranges::enable_borrowed_range<T>)
    return StateKind::pointer;
  else if constexpr (!std::is_class_v<T>)
    return std::is_trivially_copyable_v<T> && !std::is_array_v<T>
               ? StateKind::memory
               : StateKind::none;
  else if constexpr (std::is_same_v<T, std::filesystem::path>)
    return StateKind::path;
  else if constexpr (is_bits<T>)
    return StateKind::bits;
  else if constexpr (is_fixed_array<T>)
    return StateKind::array;
  else if constexpr (is_optional<T>)
    return StateKind::optional;
  else if constexpr (StateTuple<T> || is_whole_array<T>)
    return StateKind::tuple;
  else if constexpr (StateHashed<T>)
    return StateKind::hashed;
  else if constexpr (StateKeyed<T>)
    return StateKind::keyed;
  else if constexpr (StateList<T>)
    return StateKind::list;
  else
    return state_class_kind<T>();
}

template <class T>
EH_HIDDEN inline constexpr StateKind state_kind = find_state_kind<T>();

/// What is kept of a tuple or a struct.
template <class T>
constexpr auto state_fields(T& value) {
  using Plain = std::remove_const_t<T>;
  if constexpr (is_whole_array<Plain>)
    return std::tie(value.shape, value.values);
  else if constexpr (StateTuple<Plain>)
    return std::apply([](auto&... part) { return std::tie(part...); }, value);
  else
    return fields_of(value);
}

/// Something that names types, as constants have to be passed on.
template <class... T>
struct Types {};

template <class... T>
constexpr Types<std::remove_const_t<T>...> referred(std::tuple<T&...>*) {
  return {};
}

template <class T>
using StateFields = decltype(referred(
    static_cast<decltype(state_fields(std::declval<T&>()))*>(nullptr)));

/// Of a map, what can be assigned.
template <class T>
struct StateItemOf {
  using type = typename T::value_type;
};
template <class T>
requires requires {
  typename T::mapped_type;
}
struct StateItemOf<T> {
  using type = std::pair<typename T::key_type, typename T::mapped_type>;
};
template <class T>
using StateItem = typename StateItemOf<T>::type;

/// Whether a T is kept as its plain memory. Not one with an optional, of which
/// some may be undefined.
template <class T>
constexpr bool is_plain_state() {
  constexpr StateKind kind = state_kind<T>;
  if constexpr (!std::is_trivially_copyable_v<T> || kind == StateKind::pointer)
    return false;
  else if constexpr (kind == StateKind::array)
    return std::tuple_size_v<T> == 0 ||
           is_plain_state<typename T::value_type>();
  else if constexpr (kind == StateKind::tuple || kind == StateKind::structure)
    return []<class... F>(Types<F...>) {
      return (is_plain_state<F>() && ...);
    }(StateFields<T>());
  else
    return kind == StateKind::number || kind == StateKind::memory;
}

template <class T, class... Outer>
constexpr bool check_state();

template <class T>
constexpr bool check_state_class() {
  constexpr StructFault fault = struct_fault<T>();
  static_assert(fault != StructFault::no_default,
                "each member of a state that a checkpoint keeps needs a "
                "default value");
  static_assert(fault != StructFault::no_copy,
                "a checkpoint cannot keep a reference, a const member or a "
                "pointer that owns: keep what it refers to");
  static_assert(fault != StructFault::array,
                "a checkpoint cannot keep an array of C beside texts, lists "
                "and the like: use std::array");
  static_assert(fault != StructFault::too_many,
                "a checkpoint keeps at most 32 members of a struct: group them "
                "into structs, or list them by EH_PARAMETERS");
  static_assert(fault != StructFault::not_listed,
                "EH_PARAMETERS does not list every member of the struct");
  static_assert(fault != StructFault::unnamed,
                "this compiler cannot name members: write "
                "EH_PARAMETERS(Struct, first, second, ...) after the struct");
  static_assert(fault != StructFault::no_aggregate &&
                    fault != StructFault::base &&
                    fault != StructFault::no_class,
                "a checkpoint keeps numbers, enums, texts, generators of "
                "random numbers, plain structs, and vectors, arrays, maps, "
                "sets, pairs, tuples and optionals of these; a class that has "
                "a constructor, private members or a base is to be trivially "
                "copyable, or to list its members by EH_PARAMETERS");
  return false;
}

/// Refuses, with a sentence, what a checkpoint cannot keep. A type may be
/// within itself: a tree.
template <class T, class... Outer>
constexpr bool check_state() {
  constexpr StateKind kind = state_kind<T>;
  static_assert(kind != StateKind::pointer,
                "a checkpoint cannot keep a pointer or a view: what it points "
                "to is not there in the next process");
  if constexpr (is_one_of<T, Outer...>)
    return true;
  else if constexpr (kind == StateKind::pointer)
    return false;
  else if constexpr (kind == StateKind::none)
    return check_state_class<T>();
  else if constexpr (!std::is_default_constructible_v<T>)
    return check_state_class<T>();
  else if constexpr (kind == StateKind::tuple || kind == StateKind::structure)
    return []<class... F>(Types<F...>) {
      return (check_state<F, T, Outer...>() && ...);
    }(StateFields<T>());
  else if constexpr (kind == StateKind::keyed || kind == StateKind::hashed)
    return check_state<StateItem<T>, T, Outer...>();
  else if constexpr (kind == StateKind::list || kind == StateKind::array ||
                     kind == StateKind::optional)
    return check_state<typename T::value_type, T, Outer...>();
  else
    return true;
}

/// "Phase{warm = 0, run = 1} of 4 bytes", as far as this compiler can name
/// them: an enumerator that is put between others gives the later ones other
/// numbers.
template <class E>
std::string enum_type() {
  std::string text(type_name<E>());
  if constexpr (DeclaresChoices<E> || EH_DETAIL_REFLECTS) {
    std::string all;
    for (const auto& choice : choices_of<E>)
      all +=
          (all.empty() ? "" : ", ") + std::string(choice.name) + " = " +
          std::to_string(static_cast<std::underlying_type_t<E>>(choice.value));
    if (!all.empty()) text += "{" + all + "}";
  }
  return text + " of " + std::to_string(sizeof(E)) + " bytes";
}

/// "std::map" of std::map<int, double>.
template <class T>
std::string template_name() {
  const std::string_view name = type_name<T>();
  std::string text(name.substr(0, name.find('<')));
  constexpr std::string_view versioned = "__cxx11::";
  if (const auto at = text.find(versioned); at != text.npos)
    text.erase(at, versioned.size());
  return text;
}

template <class T, class... Outer>
std::string state_type();

template <class T, class... Outer>
std::string struct_type() {
  std::string text(type_name<T>());
  text += '{';
  [&]<class... F>(Types<F...>) {
    std::size_t i = 0;
    ((text += (i > 0 ? ", " : "") + std::string(field_names<T>[i]) + ": " +
              state_type<F, T, Outer...>(),
      ++i),
     ...);
  }(StateFields<T>());
  return text + "}";
}

/// What a state of this type is called in a checkpoint.
template <class T, class... Outer>
std::string state_type() {
  constexpr StateKind kind = state_kind<T>;
  const auto of = [](const std::string& inner) {
    return template_name<T>() + "<" + inner + ">";
  };
  std::string text(type_name<T>());
  if constexpr (is_one_of<T, Outer...> || std::is_arithmetic_v<T> ||
                kind == StateKind::random) {
    return text;
  } else if constexpr (std::is_enum_v<T>) {
    return enum_type<T>();
  } else if constexpr (std::is_same_v<T, std::string>) {
    return "std::string";
  } else if constexpr (kind == StateKind::path) {
    return "std::filesystem::path";
  } else if constexpr (std::is_same_v<T, std::mt19937_64>) {
    return "std::mt19937_64";  // their names list all their constants
  } else if constexpr (std::is_same_v<T, std::mt19937>) {
    return "std::mt19937";
  } else if constexpr (is_whole_array<T>) {
    return text;
  } else if constexpr (kind == StateKind::tuple) {
    return []<class... F>(Types<F...>) {
      std::string all;
      ((all += (all.empty() ? "" : ", ") + state_type<F, T, Outer...>()), ...);
      return template_name<T>() + "<" + all + ">";
    }(StateFields<T>());
  } else if constexpr (kind == StateKind::keyed || kind == StateKind::hashed) {
    std::string inner = state_type<typename T::key_type, T, Outer...>();
    if constexpr (requires { typename T::mapped_type; })
      inner += ", " + state_type<typename T::mapped_type, T, Outer...>();
    return of(inner);
  } else if constexpr (kind == StateKind::array) {
    return of(state_type<typename T::value_type, T, Outer...>() + ", " +
              std::to_string(std::tuple_size_v<T>));
  } else if constexpr (kind == StateKind::list || kind == StateKind::bits ||
                       kind == StateKind::optional) {
    return of(state_type<typename T::value_type, T, Outer...>());
  } else {
    if constexpr (kind == StateKind::structure)
      text = struct_type<T, Outer...>();
    else
      text += " of " + std::to_string(sizeof(T)) + " bytes";
    // That of the outermost stands behind all.
    if constexpr (sizeof...(Outer) > 0)
      if constexpr (requires { StateVersion(T::checkpoint_version); })
        text += " version " + StateVersion(T::checkpoint_version).text();
    return text;
  }
}

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_STATE_TYPE_HPP
