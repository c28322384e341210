// Which parameter struct a function wants. A function, a lambda and
// std::bind_front of either tell it by their signature; what is generic or
// overloaded is told with eh::with<Parameters>(callable).
#ifndef EH_DETAIL_CALLABLE_HPP
#define EH_DETAIL_CALLABLE_HPP

#include <cstddef>
#include <eh/detail/config.hpp>
#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace eh EH_HIDDEN {

class Run;

/// The parameter struct of a function that takes none.
struct NoParameters {};

namespace detail {

template <class... A>
struct Arguments {};

struct Unknown {};

/// Without the first N.
template <std::size_t N, class List>
struct Drop {
  using type = Unknown;
};
template <class... A>
struct Drop<0, Arguments<A...>> {
  using type = Arguments<A...>;
};
template <std::size_t N, class A, class... B>
requires(N > 0) struct Drop<N, Arguments<A, B...>>
    : Drop<N - 1, Arguments<B...>> {
};

/// A callable's arguments, Unknown if it has no single signature.
template <class F>
struct Signature {
  using type = Unknown;
};

template <class R, class... A>
struct Signature<R (*)(A...)> {
  using type = Arguments<A...>;
};
template <class R, class... A>
struct Signature<R (*)(A...) noexcept> {
  using type = Arguments<A...>;
};

#define EH_DETAIL_METHOD(...)                    \
  template <class R, class C, class... A>        \
  struct Signature<R (C::*)(A...) __VA_ARGS__> { \
    using type = Arguments<A...>;                \
    using method_type = Arguments<C&, A...>;     \
  };
EH_DETAIL_METHOD()
EH_DETAIL_METHOD(const)
EH_DETAIL_METHOD(noexcept)
EH_DETAIL_METHOD(const noexcept)
EH_DETAIL_METHOD(&)
EH_DETAIL_METHOD(const&)
EH_DETAIL_METHOD(&noexcept)
EH_DETAIL_METHOD(const& noexcept)
#undef EH_DETAIL_METHOD

template <class F>
requires requires {
  &F::operator();
}
struct Signature<F> : Signature<decltype(&F::operator())> {};

/// All arguments of what is called, the object of a method among them.
template <class F>
struct FullSignature : Signature<F> {};
template <class F>
requires std::is_member_function_pointer_v<F>
struct FullSignature<F> {
  using type = typename Signature<F>::method_type;
};

/// The result of std::bind_front(f, b...), whatever a library calls its type.
template <template <class, class...> class Bound, class F, class... B>
requires std::is_same_v < Bound<F, B...>,
decltype(std::bind_front(std::declval<F>(), std::declval<B>()...)) >
    struct Signature<Bound<F, B...>> {
  using type =
      typename Drop<sizeof...(B), typename FullSignature<F>::type>::type;
};

template <class A>
inline constexpr bool is_run =
    std::is_same_v<std::remove_cvref_t<A>, Run>&& std::is_reference_v<A>;

template <class A>
inline constexpr bool is_struct =
    std::is_class_v<std::remove_cvref_t<A>> &&
    !std::is_same_v<std::remove_cvref_t<A>, Run> &&
    std::is_convertible_v<const std::remove_cvref_t<A>&, A>;

template <class F, class List>
struct ParametersOf {
  using type = Unknown;
};
template <class F>
requires(std::is_invocable_v<F&, Run&> ||
         std::is_invocable_v<F&>) struct ParametersOf<F, Unknown> {
  using type = NoParameters;
};
template <class F>
struct ParametersOf<F, Arguments<>> {
  using type = NoParameters;
};
template <class F, class A>
requires is_run<A>
struct ParametersOf<F, Arguments<A>> {
  using type = NoParameters;
};
template <class F, class A>
requires is_struct<A>
struct ParametersOf<F, Arguments<A>> {
  using type = std::remove_cvref_t<A>;
};
template <class F, class A, class P>
requires(is_run<A>&& is_struct<P>) struct ParametersOf<F, Arguments<A, P>> {
  using type = std::remove_cvref_t<P>;
};

template <class F>
struct CheckedParameters {
  using Callable = std::decay_t<F>;
  using Found =
      typename ParametersOf<Callable, typename Signature<Callable>::type>::type;
  static_assert(
      !std::is_same_v<Found, Unknown>,
      "an experiment's function takes (), (eh::Run&), (const Struct&) or "
      "(eh::Run&, const Struct&); if it is generic or overloaded, name the "
      "struct: eh::with<Struct>(function)");
  using type =
      std::conditional_t<std::is_same_v<Found, Unknown>, NoParameters, Found>;
};

/// The parameter struct of a callable.
template <class F>
using parameters_of = typename CheckedParameters<F>::type;

/// Calls with as many of the arguments as it takes; the parameters only where
/// there are any, since a generic function would take them for anything.
template <class F, class P>
void call(F& function, Run& run, const P& parameters) {
  if constexpr (!std::is_same_v<P, NoParameters>) {
    if constexpr (std::is_invocable_v<F&, Run&, const P&>)
      return static_cast<void>(std::invoke(function, run, parameters));
    else if constexpr (std::is_invocable_v<F&, const P&>)
      return static_cast<void>(std::invoke(function, parameters));
  }
  if constexpr (std::is_invocable_v<F&, Run&>)
    return static_cast<void>(std::invoke(function, run));
  else if constexpr (std::is_invocable_v<F&>)
    return static_cast<void>(std::invoke(function));
}

template <class P, class F>
struct WithParameters {
  F function;
  void operator()(Run& run, const P& parameters) {
    static_assert(std::is_invocable_v<F&, Run&, const P&> ||
                      std::is_invocable_v<F&, const P&> ||
                      std::is_invocable_v<F&, Run&> || std::is_invocable_v<F&>,
                  "eh::with<Struct>(function): the function can be called "
                  "neither with (eh::Run&, const Struct&) nor with less");
    call(function, run, parameters);
  }
};

}  // namespace detail

/// States the parameter struct of a callable that does not tell it itself.
template <class P, class F>
detail::WithParameters<P, std::decay_t<F>> with(F&& function) {
  return {std::forward<F>(function)};
}

}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_CALLABLE_HPP
