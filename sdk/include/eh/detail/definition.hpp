// What was registered under one name: a function, its fixed parameters and the
// axes of its sweep. The part that knows no types is in Definition, so that
// each parameter struct and each function adds little code.
#ifndef EH_DETAIL_DEFINITION_HPP
#define EH_DETAIL_DEFINITION_HPP

#include <cstdint>
#include <eh/detail/axis.hpp>
#include <eh/detail/callable.hpp>
#include <eh/detail/config.hpp>
#include <eh/detail/name.hpp>
#include <eh/detail/value.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eh EH_HIDDEN {
namespace detail {

/// A parameter, as it is described.
struct Parameter {
  std::string_view name;
  std::string type;
  std::uint32_t kind = 0;
  std::uint32_t element_kind = 0;
  ValueText value;
  std::vector<std::string_view> choices;
};

struct Definition {
  Definition(std::string_view its_name, Location its_place)
      : name(its_name), place(its_place) {}
  Definition(const Definition&) = delete;
  Definition& operator=(const Definition&) = delete;
  virtual ~Definition() = default;

  virtual std::span<const std::string_view> parameter_names() const = 0;
  /// The parameters with the values that no axis sets.
  virtual std::vector<Parameter> parameters() const = 0;
  virtual bool has_filter() const = 0;
  /// Whether the filter keeps a point. May throw what the filter throws.
  virtual bool keeps(std::uint64_t point) const = 0;
  /// The full name of a point.
  virtual std::string name_of(std::uint64_t point) const = 0;
  virtual void call(Run& run, std::uint64_t point) = 0;

  /// The number of points; nothing if it has no 64 bits.
  std::optional<std::uint64_t> point_count() const {
    std::uint64_t count = 1;
    for (const auto& axis : axes)
      if (__builtin_mul_overflow(count, axis->count(), &count))
        return std::nullopt;
    return count;
  }

  std::string name;
  Location place;
  std::string description;
  double timeout_seconds = 0;
  std::int32_t retries = -1;
  std::vector<std::unique_ptr<Axis>> axes;
  std::vector<std::string> problems;
};

template <class P>
struct DefinitionFor : Definition {
  DefinitionFor(std::string_view its_name, Location its_place, P its_fixed)
      : Definition(its_name, its_place), fixed(std::move(its_fixed)) {}

  std::span<const std::string_view> parameter_names() const override {
    return field_names<P>;
  }

  std::vector<Parameter> parameters() const override {
    std::vector<Parameter> all;
    for_each_field(fixed,
                   [&]<class M>(std::string_view its_name, const M& value) {
                     all.push_back({its_name, type_text<M>(), kind_of<M>(),
                                    element_kind_of<M>(), value_text(value),
                                    choice_names<M>()});
                   });
    return all;
  }

  bool has_filter() const override { return static_cast<bool>(filter); }

  bool keeps(std::uint64_t point) const override {
    return !filter || filter(at(point));
  }

  std::string name_of(std::uint64_t point) const override {
    const P values = at(point);
    std::string full;
    for (std::string_view rest = name; !rest.empty();) {
      const NamePiece piece = take_piece(rest);
      if (!piece.placeholder) {
        full += piece.text;
        continue;
      }
      for_each_field(values, [&](std::string_view its_name, const auto& value) {
        if (its_name == piece.text) append_label(full, value);
      });
    }
    return full;
  }

  /// The parameters of a point; the last axis varies fastest.
  P at(std::uint64_t point) const {
    P values = fixed;
    for (auto axis = axes.rbegin(); axis != axes.rend(); ++axis) {
      (*axis)->assign(&values, point % (*axis)->count());
      point /= (*axis)->count();
    }
    return values;
  }

  /// The index of a member.
  template <class M>
  std::uint32_t index_of(M P::*member) const {
    const void* address = &(fixed.*member);
    std::uint32_t index = 0, found = 0;
    for_each_field(fixed, [&](std::string_view, const auto& value) {
      if (static_cast<const void*>(&value) == address) found = index;
      ++index;
    });
    return found;
  }

  P fixed;
  std::function<bool(const P&)> filter;
};

template <class P, class F>
struct DefinitionOf final : DefinitionFor<P> {
  DefinitionOf(std::string_view its_name, Location its_place, P its_fixed,
               F its_function)
      : DefinitionFor<P>(its_name, its_place, std::move(its_fixed)),
        function(std::move(its_function)) {}

  void call(Run& run, std::uint64_t point) override {
    const P values = this->at(point);
    detail::call(function, run, values);
  }

  F function;
};

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_DEFINITION_HPP
