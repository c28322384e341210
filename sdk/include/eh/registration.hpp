// What a registration can be refined with: eh::Experiment, which EH_EXPERIMENT
// and group.add() give, and eh::Group, which EH_REGISTER gives.
#ifndef EH_REGISTRATION_HPP
#define EH_REGISTRATION_HPP

#include <chrono>
#include <cmath>
#include <cstdint>
#include <eh/detail/callable.hpp>
#include <eh/detail/config.hpp>
#include <eh/detail/definition.hpp>
#include <eh/detail/failure.hpp>
#include <eh/detail/registry.hpp>
#include <eh/sweep.hpp>
#include <initializer_list>
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

}  // namespace EH_HIDDEN

#endif  // EH_REGISTRATION_HPP
