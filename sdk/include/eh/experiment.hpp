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

#include <chrono>
#include <cmath>
#include <cstdint>
#include <eh/detail/callable.hpp>
#include <eh/detail/config.hpp>
#include <eh/detail/definition.hpp>
#include <eh/detail/registry.hpp>
#include <eh/run.hpp>
#include <eh/sweep.hpp>
#include <initializer_list>
#include <limits>
#include <memory>
#include <ranges>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace eh EH_HIDDEN {

/// What was just registered, to be refined. P is its parameter struct.
template <class P>
class Experiment {
 public:
  using Parameters = P;

  /// An experiment that is not wanted now: everything is ignored.
  Experiment() = default;
  explicit Experiment(detail::DefinitionFor<P>* definition)
      : definition_(definition) {}

  /// One experiment for each of the values. Sweeps multiply; the one that was
  /// named last varies fastest.
  template <class M>
  Experiment sweep(M P::*member,
                   std::initializer_list<std::type_identity_t<M>> values) {
    return add_axis(member, [&] { return std::vector<M>(values); });
  }

  template <class M, class R>
  Experiment sweep(M P::*member, R&& values) {
    static_assert(std::ranges::input_range<R>,
                  "sweep() takes the values as a list or a range");
    if constexpr (std::ranges::input_range<R>) {
      using V = std::ranges::range_value_t<R>;
      static_assert(detail::takes<M, V>(),
                    "sweep(): the values do not have the type of the "
                    "parameter (a real number for an integer?)");
      if constexpr (detail::takes<M, V>())
        return add_axis(member, [&] {
          return detail::make_source<M>(std::forward<R>(values));
        });
    }
    return *this;
  }

  /// The parameter takes the values 1, 2, ... `times`.
  template <class M>
  Experiment repeat(M P::*member, std::int64_t times) {
    static_assert(detail::Integer<M>, "repeat() needs an integer parameter");
    if constexpr (detail::Integer<M>)
      return sweep(member, range(1, times < 1 ? 1 : times + 1));
    else
      return *this;
  }

  /// Keeps only the experiments for whose parameters `keep` is true.
  template <class F>
  Experiment filter(F&& keep) {
    static_assert(std::is_invocable_r_v<bool, F&, const P&>,
                  "filter() takes bool(const Parameters&)");
    if constexpr (std::is_invocable_r_v<bool, F&, const P&>)
      change([&] {
        auto before = std::move(definition_->filter);
        if (!before)
          definition_->filter = std::forward<F>(keep);
        else
          definition_->filter =
              [before = std::move(before),
               keep = std::forward<F>(keep)](const P& parameters) mutable {
                return before(parameters) && keep(parameters);
              };
      });
    return *this;
  }

  /// One line that lists and reports show.
  Experiment describe(std::string_view text) {
    change([&] { definition_->description = text; });
    return *this;
  }

  /// Time after which an attempt is stopped.
  template <class Number, class Period>
  Experiment timeout(std::chrono::duration<Number, Period> limit) {
    change([&] {
      const double seconds = std::chrono::duration<double>(limit).count();
      if (!(seconds > 0) || std::isinf(seconds))
        definition_->problems.push_back(
            "cannot use this timeout: it is not a positive time");
      definition_->timeout_seconds = seconds;
    });
    return *this;
  }

  /// How often a failed attempt is repeated.
  Experiment retries(int count) {
    change([&] {
      if (count < 0)
        definition_->problems.push_back(
            "cannot retry a negative number of "
            "times (" +
            std::to_string(count) + ")");
      definition_->retries = count;
    });
    return *this;
  }

 private:
  template <class Change>
  void change(const Change& what) {
    if (!definition_) return;
    try {
      what();
    } catch (...) {
      definition_->problems.push_back(detail::current_failure().text());
    }
  }

  template <class M, class MakeSource>
  Experiment add_axis(M P::*member, const MakeSource& make_source) {
    change([&] {
      const std::uint32_t index = definition_->index_of(member);
      const std::string name(detail::field_names<P>[index]);
      try {
        using Source = std::decay_t<decltype(make_source())>;
        auto axis = std::make_unique<detail::AxisOf<P, M, Source>>(
            index, member, make_source());
        for (const auto& other : definition_->axes)
          if (other->parameter() == index)
            definition_->problems.push_back("cannot sweep '" + name +
                                            "' twice (join the values)");
        if (axis->count() == 0)
          definition_->problems.push_back("cannot sweep '" + name +
                                          "': there are no values");
        else
          definition_->axes.push_back(std::move(axis));
      } catch (...) {
        definition_->problems.push_back("cannot sweep '" + name + "': " +
                                        detail::current_failure().message);
      }
    });
    return *this;
  }

  detail::DefinitionFor<P>* definition_ = nullptr;
};

/// What EH_REGISTER's body adds experiments to.
class Group {
 public:
  /// Keeps all that is added, or only what has the given ordinal.
  explicit Group(std::uint64_t wanted = detail::all_ordinals)
      : wanted_(wanted) {}
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;

  template <class F>
  auto add(std::string_view name, F&& function,
           Location place = Location::current()) {
    using P = detail::parameters_of<F>;
    if constexpr (detail::check_parameters<P>()) {
      if (!is_wanted()) return Experiment<P>();
      return keep(name, std::forward<F>(function), P{}, place);
    } else {
      return Experiment<NoParameters>();
    }
  }

  template <class F>
  auto add(std::string_view name, F&& function,
           detail::parameters_of<F> parameters,
           Location place = Location::current()) {
    using P = detail::parameters_of<F>;
    if constexpr (detail::check_parameters<P>()) {
      if (!is_wanted()) return Experiment<P>();
      return keep(name, std::forward<F>(function), std::move(parameters),
                  place);
    } else {
      return Experiment<NoParameters>();
    }
  }

  /// What was kept, in order.
  std::vector<std::unique_ptr<detail::Definition>>& kept() { return kept_; }

 private:
  bool is_wanted() {
    const std::uint64_t ordinal = next_++;
    return wanted_ == detail::all_ordinals || ordinal == wanted_;
  }

  template <class F, class P>
  Experiment<P> keep(std::string_view name, F&& function, P parameters,
                     Location place) {
    auto definition =
        std::make_unique<detail::DefinitionOf<P, std::decay_t<F>>>(
            name, place, std::move(parameters), std::forward<F>(function));
    Experiment<P> experiment(definition.get());
    kept_.push_back(std::move(definition));
    return experiment;
  }

  std::uint64_t wanted_;
  std::uint64_t next_ = 0;
  std::vector<std::unique_ptr<detail::Definition>> kept_;
};

namespace detail {

/// A function and its parameters, until a Definition takes them.
template <class P, class F>
struct Made {
  using Parameters = P;
  F function;
  P parameters;
};

template <class F>
auto make(F&& function) {
  using P = parameters_of<F>;
  if constexpr (check_parameters<P>())
    return Made<P, std::decay_t<F>>{std::forward<F>(function), P{}};
  else
    return Made<NoParameters, std::decay_t<F>>{std::forward<F>(function), {}};
}

template <class F>
auto make(F&& function, parameters_of<F> parameters) {
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

/// EH_GROUP(identifier, "description"): a group named like the identifier.
#define EH_GROUP(identifier, description) \
  EH_DETAIL_GROUP(__COUNTER__, #identifier, #identifier, description)

/// EH_GROUP_NAMED(identifier, "name", "description"): a group whose name is no
/// identifier. EH_EXPERIMENT and EH_REGISTER take the identifier, in this file
/// and in others of the plugin.
#define EH_GROUP_NAMED(identifier, name, description) \
  EH_DETAIL_GROUP(__COUNTER__, #identifier, name, description)

/// EH_EXPERIMENT(group, "name", function) or
/// EH_EXPERIMENT(group, "name", function, {.parameter = value, ...}), at
/// namespace scope; refine it by what eh::Experiment offers.
#define EH_EXPERIMENT(group, name, ...) \
  EH_DETAIL_EXPERIMENT(__COUNTER__, #group, name, __VA_ARGS__)

/// EH_REGISTER(group, variable) { body }: runs the body, at namespace scope,
/// with eh::Group& variable.
#define EH_REGISTER(group, variable) \
  EH_DETAIL_REGISTER(__COUNTER__, #group, variable)

#define EH_DETAIL_GROUP(number, identifier, name, description)   \
  [[maybe_unused]] static ::eh::detail::GroupNode EH_DETAIL_CAT( \
      eh_group_, number)(identifier, name, description,          \
                         ::eh::Location(__FILE__, __LINE__))

// The chained calls come after the macro's text, where it can no longer catch
// what they throw. They are therefore the initialiser of a thread_local, which
// is not run until someone looks at it.
#define EH_DETAIL_EXPERIMENT(number, group, its_name, ...)                     \
  namespace {                                                                  \
  struct EH_DETAIL_CAT(eh_experiment_, number) {                               \
    static thread_local ::eh::detail::Registered eh_registered_;               \
    static void eh_look_() { eh_registered_.look(); }                          \
    static inline ::eh::detail::ExperimentNode eh_node_{                       \
        group, its_name, ::eh::Location(__FILE__, __LINE__), &eh_look_};       \
  };                                                                           \
  }                                                                            \
  thread_local ::eh::detail::Registered EH_DETAIL_CAT(                         \
      eh_experiment_, number)::eh_registered_ =                                \
      ::eh::detail::NodeFinisher{&eh_node_}                                    \
      << ::eh::detail::define(eh_node_, [] {                                   \
           auto eh_made_ = ::eh::detail::make(__VA_ARGS__);                    \
           constexpr auto eh_fault_ =                                          \
               ::eh::detail::name_fault<decltype(eh_made_)>(its_name);         \
           static_assert(eh_fault_ != ::eh::detail::NameFault::unknown,        \
                         "the name has a {placeholder} that is no member of "  \
                         "the parameter struct");                              \
           static_assert(eh_fault_ == ::eh::detail::NameFault::none ||         \
                             eh_fault_ == ::eh::detail::NameFault::unknown,    \
                         "an experiment's name is made of letters, digits "    \
                         "and . _ + = , @ % : ~ - {parameter}, in parts that " \
                         "are joined by '/', not empty, and do not begin "     \
                         "with a dot");                                        \
           return eh_made_;                                                    \
         })

#define EH_DETAIL_REGISTER(number, group, variable)                        \
  static void EH_DETAIL_CAT(eh_register_, number)(::eh::Group & variable); \
  [[maybe_unused]] static ::eh::detail::RegistrarNode EH_DETAIL_CAT(       \
      eh_registrar_, number)(group, ::eh::Location(__FILE__, __LINE__),    \
                             &EH_DETAIL_CAT(eh_register_, number));        \
  static void EH_DETAIL_CAT(eh_register_,                                  \
                            number)([[maybe_unused]] ::eh::Group & variable)

#include <eh/detail/plugin.hpp>

#endif  // EH_EXPERIMENT_HPP
