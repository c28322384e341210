// The members of a plain aggregate, as a tuple of references: how many there
// are by trying to initialise it with ever more of them, which ones by a
// structured binding. C++20 has no shorter way; a binding names as many
// variables as there are members, hence the table below.
#ifndef EH_DETAIL_FIELDS_HPP
#define EH_DETAIL_FIELDS_HPP

#include <cstddef>
#include <eh/detail/config.hpp>
#include <tuple>
#include <type_traits>
#include <utility>

namespace eh EH_HIDDEN {
namespace detail {

inline constexpr std::size_t max_fields = 32;

/// Stands for a value of any type, in expressions that are not evaluated. The
/// conversion has a body since compilers look for one in constexpr
/// constructors that take it.
struct AnyField {
  template <class T>
  constexpr operator T&() const noexcept {
    __builtin_unreachable();
  }
};

/// Stands for a base class of T.
template <class T>
struct AnyBase {
  template <class U>
  requires(std::is_base_of_v<U, T> && !std::is_same_v<U, T>) constexpr
  operator U&() const noexcept;
};

template <std::size_t>
using AnyAt = AnyField;

template <class T, std::size_t... I>
constexpr bool takes_braced(std::index_sequence<I...>) {
  return requires {
    T{{AnyAt<I>{}}...};
  };
}

template <class T, std::size_t... I>
constexpr bool takes_plain(std::index_sequence<I...>) {
  return requires {
    T{AnyAt<I>{}...};
  };
}

/// Whether one initialiser in braces may follow and precede plain ones.
template <class T, std::size_t... I, std::size_t... J>
constexpr bool takes_mixed(std::index_sequence<I...>,
                           std::index_sequence<J...>) {
  return requires {
    T{AnyAt<I>{}..., {AnyField{}}, AnyAt<J>{}...};
  };
}

/// In braces of its own, each initialiser is for one member, even where that is
/// an array.
template <class T, std::size_t N = 0>
constexpr std::size_t count_braced() {
  if constexpr (N <= max_fields &&
                takes_braced<T>(std::make_index_sequence<N + 1>{}))
    return count_braced<T, N + 1>();
  else
    return N;
}

/// Without them, an array takes several. At least N are taken.
template <class T, std::size_t N>
constexpr std::size_t count_plain() {
  if constexpr (N <= max_fields &&
                takes_plain<T>(std::make_index_sequence<N + 1>{}))
    return count_plain<T, N + 1>();
  else
    return N;
}

/// Whether one of N plain initialisers is for an array: in braces it is for all
/// of the array, and then there are too many behind it.
template <class T, std::size_t N, std::size_t I = 0>
constexpr bool find_array() {
  if constexpr (I == N) {
    return false;
  } else {
    using Before = std::make_index_sequence<I>;
    return (takes_mixed<T>(Before{}, std::index_sequence<>{}) &&
            !takes_mixed<T>(Before{}, std::make_index_sequence<N - I - 1>{})) ||
           find_array<T, N, I + 1>();
  }
}

struct FieldCount {
  std::size_t count;
  bool has_array;
};

/// Some members take no braces: a std::optional<std::string> could be made in
/// several ways of what stands in them.
template <class T>
constexpr FieldCount count_fields() {
  constexpr std::size_t braced = count_braced<T>();
  constexpr std::size_t plain = count_plain<T, braced>();
  if constexpr (plain == braced)
    return {braced, false};
  else
    return {plain, find_array<T, plain>()};
}

template <class T>
inline constexpr FieldCount counted_fields = count_fields<T>();

/// The number of members, if none is an array.
template <class T>
inline constexpr std::size_t field_count = counted_fields<T>.count;

template <class T>
inline constexpr bool has_array = counted_fields<T>.has_array;

template <class T>
inline constexpr bool has_base = requires {
  T{AnyBase<T>{}};
};

#define EH_DETAIL_TIE(count, ...)  \
  else if constexpr (N == count) { \
    auto& [__VA_ARGS__] = value;   \
    return std::tie(__VA_ARGS__);  \
  }

/// References to the members of an aggregate that has N of them.
template <std::size_t N, class T>
constexpr auto tie_fields(T& value) {
  if constexpr (N == 0) {
    static_cast<void>(value);
    return std::tuple<>();
  }
  // clang-format off
  EH_DETAIL_TIE(1, m0)
  EH_DETAIL_TIE(2, m0, m1)
  EH_DETAIL_TIE(3, m0, m1, m2)
  EH_DETAIL_TIE(4, m0, m1, m2, m3)
  EH_DETAIL_TIE(5, m0, m1, m2, m3, m4)
  EH_DETAIL_TIE(6, m0, m1, m2, m3, m4, m5)
  EH_DETAIL_TIE(7, m0, m1, m2, m3, m4, m5, m6)
  EH_DETAIL_TIE(8, m0, m1, m2, m3, m4, m5, m6, m7)
  EH_DETAIL_TIE(9, m0, m1, m2, m3, m4, m5, m6, m7, m8)
  EH_DETAIL_TIE(10, m0, m1, m2, m3, m4, m5, m6, m7, m8, m9)
  EH_DETAIL_TIE(11, m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10)
  EH_DETAIL_TIE(12, m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11)
  EH_DETAIL_TIE(13, m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12)
  EH_DETAIL_TIE(14, m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13)
  EH_DETAIL_TIE(15, m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13,
                m14)
  EH_DETAIL_TIE(16, m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13,
                m14, m15)
  EH_DETAIL_TIE(17, m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13,
                m14, m15, m16)
  EH_DETAIL_TIE(18, m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13,
                m14, m15, m16, m17)
  EH_DETAIL_TIE(19, m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13,
                m14, m15, m16, m17, m18)
  EH_DETAIL_TIE(20, m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13,
                m14, m15, m16, m17, m18, m19)
  EH_DETAIL_TIE(21, m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13,
                m14, m15, m16, m17, m18, m19, m20)
  EH_DETAIL_TIE(22, m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13,
                m14, m15, m16, m17, m18, m19, m20, m21)
  EH_DETAIL_TIE(23, m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13,
                m14, m15, m16, m17, m18, m19, m20, m21, m22)
  EH_DETAIL_TIE(24, m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13,
                m14, m15, m16, m17, m18, m19, m20, m21, m22, m23)
  EH_DETAIL_TIE(25, m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13,
                m14, m15, m16, m17, m18, m19, m20, m21, m22, m23, m24)
  EH_DETAIL_TIE(26, m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13,
                m14, m15, m16, m17, m18, m19, m20, m21, m22, m23, m24, m25)
  EH_DETAIL_TIE(27, m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13,
                m14, m15, m16, m17, m18, m19, m20, m21, m22, m23, m24, m25, m26)
  EH_DETAIL_TIE(28, m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13,
                m14, m15, m16, m17, m18, m19, m20, m21, m22, m23, m24, m25, m26,
                m27)
  EH_DETAIL_TIE(29, m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13,
                m14, m15, m16, m17, m18, m19, m20, m21, m22, m23, m24, m25, m26,
                m27, m28)
  EH_DETAIL_TIE(30, m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13,
                m14, m15, m16, m17, m18, m19, m20, m21, m22, m23, m24, m25, m26,
                m27, m28, m29)
  EH_DETAIL_TIE(31, m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13,
                m14, m15, m16, m17, m18, m19, m20, m21, m22, m23, m24, m25, m26,
                m27, m28, m29, m30)
  EH_DETAIL_TIE(32, m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13,
                m14, m15, m16, m17, m18, m19, m20, m21, m22, m23, m24, m25, m26,
                m27, m28, m29, m30, m31)
  // clang-format on
}

#undef EH_DETAIL_TIE

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_FIELDS_HPP
