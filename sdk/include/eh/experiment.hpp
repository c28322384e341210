// Registering experiments.
//
//   EH_GROUP(main, "M/M/c queues against theory");
//   EH_EXPERIMENT(main, "c={servers}/{seed}", simulate, {.load = 0.95})
//       .sweep(&Queue::servers, {1, 2, 4})
//       .repeat(&Queue::seed, 20);
//   EH_REGISTER(main, group) {
//     for (auto day : eh::days("2022-07-01", "2022-07-27"))
//       group.add("analysis/" + day, [=](eh::Run& run) { analyse(run, day); });
//   }
//
// Groups are known by their identifier in all files of a plugin; there is no
// need to declare one where it is used. Nothing of this runs when the plugin
// is loaded: whatever throws or is wrong is reported with its file and line
// when the plugin is described.
#ifndef EH_EXPERIMENT_HPP
#define EH_EXPERIMENT_HPP

#include <eh/config.hpp>
#include <eh/detail/callable.hpp>
#include <eh/detail/config.hpp>
#include <eh/detail/definition.hpp>
#include <eh/detail/registry.hpp>
#include <eh/registration.hpp>
#include <eh/run.hpp>
#include <eh/sweep.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#if EH_DETAIL_CODE_HERE
#include <eh/detail/code/plugin.hpp>
#endif

namespace eh EH_HIDDEN {

namespace detail {

/// A function and its parameters, until a Definition takes them.
template <class P, class F>
struct Made {
  using Parameters = P;
  F function;
  P parameters;
};

/// One function and not two, for the sake of its error messages.
template <class F>
auto make(F&& function, parameters_of<F> parameters = {}) {
  using P = parameters_of<F>;
  if constexpr (check_parameters<P>())
    return Made<P, std::decay_t<F>>{std::forward<F>(function),
                                    std::move(parameters)};
  else
    return Made<NoParameters, std::decay_t<F>>{std::forward<F>(function), {}};
}

/// What the macro's static_assert asks about a name.
template <class Made>
constexpr NameFault name_fault(std::string_view name) {
  return check_name(name, field_names<typename Made::Parameters>).fault;
}

/// Creates the Definition of a node. An exception becomes its problem.
template <class Make>
auto define(ExperimentNode& node, const Make& make_parts) noexcept {
  using Parts = decltype(make_parts());
  using P = typename Parts::Parameters;
  using F = decltype(Parts::function);
  if (!node.begin()) return Experiment<P>();
  try {
    Parts parts = make_parts();
    auto definition = std::make_unique<DefinitionOf<P, F>>(
        node.name, node.place, std::move(parts.parameters),
        std::move(parts.function));
    Experiment<P> experiment(definition.get());
    node.definition = std::move(definition);
    return experiment;
  } catch (...) {
    node.fail("cannot register '" + std::string(node.name) +
              "': " + current_failure().text());
    return Experiment<P>();
  }
}

}  // namespace detail
}  // namespace EH_HIDDEN

/// EH_GROUP(identifier, "description") or
/// EH_GROUP(identifier, "description", MyConfig): a group named like the
/// identifier, and its configuration class; see config.hpp.
#define EH_GROUP(identifier, ...) \
  EH_DETAIL_GROUP(__COUNTER__, #identifier, #identifier, __VA_ARGS__)

/// EH_GROUP_NAMED(identifier, "name", "description") or with a configuration
/// class as above: a group whose name is not an identifier. EH_EXPERIMENT and
/// EH_REGISTER take the identifier, in this file and in others of the plugin.
#define EH_GROUP_NAMED(identifier, name, ...) \
  EH_DETAIL_GROUP(__COUNTER__, #identifier, name, __VA_ARGS__)

/// EH_EXPERIMENT(group, "name", function) or
/// EH_EXPERIMENT(group, "name", function, {.parameter = value, ...}), at
/// namespace scope; refine it by what eh::Experiment offers.
#define EH_EXPERIMENT(group, name, ...) \
  EH_DETAIL_EXPERIMENT(__COUNTER__, #group, name, __VA_ARGS__)

/// EH_REGISTER(group, variable) { body }: runs the body, at namespace scope,
/// with eh::Group& variable.
#define EH_REGISTER(group, variable) \
  EH_DETAIL_REGISTER(__COUNTER__, #group, variable)

#define EH_DETAIL_GROUP(number, identifier, name, description, ...)     \
  [[maybe_unused]] static ::eh::detail::GroupNode EH_DETAIL_CAT(        \
      eh_group_, number)(identifier, name, description,                 \
                         ::eh::Location(__FILE__, __LINE__) __VA_OPT__( \
                             , ::eh::detail::group_class<__VA_ARGS__>()))

// The chained calls come after the macro's text, where it can no longer catch
// what they throw. They are therefore the initialiser of a thread_local, which
// is not run until someone looks at it.
#define EH_DETAIL_EXPERIMENT(number, group, its_name, ...)                \
  namespace {                                                             \
  struct EH_DETAIL_CAT(eh_experiment_, number) {                          \
    static thread_local ::eh::detail::Registered eh_registered_;          \
    static void eh_look_() { eh_registered_.look(); }                     \
    static inline ::eh::detail::ExperimentNode eh_node_{                  \
        group, its_name, ::eh::Location(__FILE__, __LINE__), &eh_look_};  \
  };                                                                      \
  }                                                                       \
  thread_local ::eh::detail::Registered EH_DETAIL_CAT(                    \
      eh_experiment_, number)::eh_registered_ =                           \
      ::eh::detail::NodeFinisher{&eh_node_}                               \
      << ::eh::detail::define(eh_node_, [] {                              \
           auto eh_made_ = ::eh::detail::make(__VA_ARGS__);               \
           constexpr auto eh_fault_ =                                     \
               ::eh::detail::name_fault<decltype(eh_made_)>(its_name);    \
           static_assert(                                                 \
               eh_fault_ != ::eh::detail::NameFault::unknown,             \
               "the name has a {placeholder} that is not a member of "    \
               "the parameter struct");                                   \
           static_assert(eh_fault_ != ::eh::detail::NameFault::braces,    \
                         "the name has a brace that stands alone; write " \
                         "{parameter}, or {{ and }} for braces");         \
           return eh_made_;                                               \
         })

#define EH_DETAIL_REGISTER(number, group, variable)                        \
  static void EH_DETAIL_CAT(eh_register_, number)(::eh::Group & variable); \
  [[maybe_unused]] static ::eh::detail::RegistrarNode EH_DETAIL_CAT(       \
      eh_registrar_, number)(group, ::eh::Location(__FILE__, __LINE__),    \
                             &EH_DETAIL_CAT(eh_register_, number));        \
  static void EH_DETAIL_CAT(eh_register_,                                  \
                            number)([[maybe_unused]] ::eh::Group & variable)

#endif  // EH_EXPERIMENT_HPP
