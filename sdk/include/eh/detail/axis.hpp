// One dimension of a sweep: a member of the parameter struct and where its
// values come from. What computes its values is kept as it is; any other range
// is copied.
#ifndef EH_DETAIL_AXIS_HPP
#define EH_DETAIL_AXIS_HPP

#include <concepts>
#include <cstdint>
#include <eh/detail/config.hpp>
#include <eh/detail/value.hpp>
#include <eh/sweep.hpp>
#include <ranges>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace eh EH_HIDDEN {
namespace detail {

struct ValueText {
  std::string json;
  std::string label;
};

template <class T>
ValueText value_text(const T& value) {
  ValueText text;
  append_json(text.json, value);
  append_label(text.label, value);
  return text;
}

class Axis {
 public:
  Axis(std::uint32_t parameter, std::uint64_t count)
      : parameter_(parameter), count_(count) {}
  Axis(const Axis&) = delete;
  Axis& operator=(const Axis&) = delete;
  virtual ~Axis() = default;

  /// Index of the member.
  std::uint32_t parameter() const { return parameter_; }
  std::uint64_t count() const { return count_; }
  virtual ValueText text(std::uint64_t i) const = 0;
  /// First value and step of integers that are evenly spaced, else 0 and 0.
  virtual std::pair<std::int64_t, std::int64_t> range() const { return {0, 0}; }
  /// Sets the member of the struct at `parameters` to value `i`.
  virtual void assign(void* parameters, std::uint64_t i) const = 0;

 private:
  std::uint32_t parameter_;
  std::uint64_t count_;
};

template <class P, class M>
using Member = M P::*;

template <class P, class M, class Source>
class AxisOf final : public Axis {
 public:
  AxisOf(std::uint32_t parameter, M P::*member, Source source)
      : Axis(parameter, source.size()),
        member_(member),
        source_(std::move(source)) {}
  ValueText text(std::uint64_t i) const override {
    return value_text<M>(static_cast<M>(source_[i]));
  }
  std::pair<std::int64_t, std::int64_t> range() const override {
    if constexpr (Integer<M> && std::is_same_v<Source, Lazy<Integers>>) {
      return {source_.source().first, source_.source().step};
    }
    return {0, 0};
  }
  void assign(void* parameters, std::uint64_t i) const override {
    static_cast<P*>(parameters)->*member_ = static_cast<M>(source_[i]);
  }

 private:
  Member<P, M> member_;
  Source source_;
};

/// Whether a parameter of type M can take a V without losing anything but the
/// last digits of a real number.
template <class M, class V>
constexpr bool takes() {
  if constexpr (std::is_same_v<M, V>)
    return true;
  else if constexpr (Integer<M>)
    return std::is_integral_v<V> && !std::is_same_v<V, bool>;
  else if constexpr (Real<M>)
    return std::is_arithmetic_v<V> && !std::is_same_v<V, bool>;
  else if constexpr (std::is_same_v<M, std::string>)
    return std::is_convertible_v<V, std::string_view> ||
           std::is_convertible_v<V, std::string>;
  else if constexpr (is_list<M>)
    return std::is_convertible_v<V, M>;
  else
    return false;
}

/// Whether an integer keeps its value as an M.
template <class M, class V>
constexpr bool fits(V value) {
  const auto narrowed = static_cast<M>(value);
  return static_cast<V>(narrowed) == value && (narrowed < 0) == (value < 0);
}

template <class M, class V>
void require_fit(const V& value) {
  if constexpr (Integer<M> && std::is_integral_v<V>)
    if (!fits<M>(value))
      throw std::out_of_range(std::to_string(value) + " does not fit '" +
                              type_text<M>() + "'");
}

template <class T>
inline constexpr bool is_lazy = false;
template <class S>
inline constexpr bool is_lazy<Lazy<S>> = true;

template <class M, class V>
M convert(V&& value) {
  if constexpr (std::is_same_v<M, std::string>) {
    if constexpr (std::is_convertible_v<V, std::string>)
      return std::forward<V>(value);
    else
      return std::string(std::string_view(value));
  } else {
    return static_cast<M>(std::forward<V>(value));
  }
}

/// The values of a range as a source of M: what is computed stays computed.
template <class M, class R>
auto make_source(R&& values) {
  using V = std::ranges::range_value_t<R>;
  if constexpr (is_lazy<std::remove_cvref_t<R>>) {
    if (values.size() > 0) {
      require_fit<M, V>(values[0]);
      require_fit<M, V>(values[values.size() - 1]);
    }
    return values;
  } else {
    std::vector<M> copy;
    for (auto&& value : values) {
      require_fit<M, V>(value);
      copy.push_back(convert<M>(std::forward<decltype(value)>(value)));
    }
    return copy;
  }
}

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_AXIS_HPP
