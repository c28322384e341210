// A state as bytes: the plain memory of what has no more to it, sizes before
// what varies, members and elements one after the other. Whatever bytes are
// read, nothing beyond their end is.
#ifndef EH_DETAIL_STATE_BYTES_HPP
#define EH_DETAIL_STATE_BYTES_HPP

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <eh/detail/config.hpp>
#include <eh/detail/state_type.hpp>
#include <iterator>
#include <locale>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eh EH_HIDDEN {
namespace detail {

/// Why bytes are not state: "it is damaged".
class StateError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

[[noreturn]] inline void refuse_state(const std::string& reason) {
  throw StateError(reason);
}

/// Counts bytes, and keeps them where `to` is given: so that a large state
/// needs room for just one copy.
class StateSink {
 public:
  explicit StateSink(std::string* to) : to_(to) {}
  void put(const void* bytes, std::size_t size) {
    size_ += size;
    if (to_) to_->append(static_cast<const char*>(bytes), size);
  }
  void put_number(std::uint64_t number) { put(&number, sizeof number); }
  void put_byte(unsigned char byte) { put(&byte, 1); }
  std::size_t size() const { return size_; }

 private:
  std::string* to_;
  std::size_t size_ = 0;
};

class StateSource {
 public:
  explicit StateSource(std::string_view bytes) : left_(bytes) {}
  void take(void* to, std::size_t size) {
    const std::string_view bytes = take(size);
    if (size > 0) std::memcpy(to, bytes.data(), size);
  }
  std::string_view take(std::size_t size) {
    if (left_.size() < size) refuse_state("it is damaged");
    const std::string_view bytes = left_.substr(0, size);
    left_.remove_prefix(size);
    return bytes;
  }
  std::uint64_t take_number() {
    std::uint64_t number = 0;
    take(&number, sizeof number);
    return number;
  }
  /// How many there are of what takes `least` bytes or more.
  std::size_t take_count(std::size_t least) {
    const std::uint64_t count = take_number();
    if (count > left_.size() / least) refuse_state("it is damaged");
    return count;
  }
  bool take_flag() {
    unsigned char flag = 0;
    take(&flag, 1);
    if (flag > 1) refuse_state("it is damaged");
    return flag == 1;
  }
  bool is_empty() const { return left_.empty(); }

 private:
  std::string_view left_;
};

/// The fewest bytes that a T takes; never 0, so that a file bounds counts.
template <class T>
constexpr std::size_t least_state_size() {
  constexpr StateKind kind = state_kind<T>;
  if constexpr (is_plain_state<T>())
    return sizeof(T);
  else if constexpr (kind == StateKind::optional)
    return 1;
  else if constexpr (kind == StateKind::array)
    return std::tuple_size_v<T> * least_state_size<typename T::value_type>();
  else if constexpr (kind == StateKind::tuple || kind == StateKind::structure)
    return []<class... F>(Types<F...>) {
      return sizeof...(F) == 0 ? 1
                               : (std::size_t() + ... + least_state_size<F>());
    }(StateFields<T>());
  else
    return sizeof(std::uint64_t);
}

/// Lists of what is plain memory, in one piece.
template <class T>
concept StateBlock = requires(T& list) {
  list.data();
}
&&is_plain_state<typename T::value_type>();

inline void put_text(StateSink& sink, std::string_view text) {
  sink.put_number(text.size());
  sink.put(text.data(), text.size());
}

template <class T>
std::istringstream state_stream(const T& text) {
  std::istringstream in{std::string(text)};
  in.imbue(std::locale::classic());
  return in;
}

template <class T>
void put_random(StateSink& sink, const T& value) {
  std::ostringstream out;
  out.imbue(std::locale::classic());
  out << value;
  const std::string text = out.str();
  T again{};
  auto in = state_stream(text);
  // Some distributions round what they read.
  if (!(in >> again) || !(again == value))
    throw std::runtime_error("cannot keep a " + std::string(type_name<T>()) +
                             " in a checkpoint: it would read back as another "
                             "one (keep what it is made of, and make it anew)");
  put_text(sink, text);
}

template <class T>
void put_bits(StateSink& sink, const T& bits) {
  sink.put_number(bits.size());
  for (std::size_t i = 0; i < bits.size(); i += 8) {
    unsigned byte = 0;
    for (std::size_t j = i; j < i + 8 && j < bits.size(); ++j)
      byte |= (bits[j] ? 1u : 0u) << (j - i);
    sink.put_byte(static_cast<unsigned char>(byte));
  }
}

template <class T>
void take_bits(StateSource& source, T& bits) {
  const std::uint64_t size = source.take_number();
  const std::string_view bytes = source.take(size / 8 + (size % 8 > 0));
  bits.resize(size);
  for (std::size_t i = 0; i < size; ++i)
    bits[i] = (static_cast<unsigned char>(bytes[i / 8]) >> (i % 8) & 1u) != 0;
}

/// How many buckets to make before the elements come, for the order in which
/// an experiment sees them to be the same; 0 where that would be absurd.
template <class T>
std::uint64_t kept_buckets(std::uint64_t buckets, std::uint64_t size) {
  return buckets > 1 && buckets / 64 <= (1u << 16) + size ? buckets : 0;
}

/// With the number of buckets where a load factor follows that is not the one
/// that all begin with.
inline constexpr std::uint64_t load_follows = std::uint64_t{1} << 63;

template <class T>
void put_buckets(StateSink& sink, const T& state) {
  const std::uint64_t buckets =
      kept_buckets<T>(state.bucket_count(), state.size());
  const float load = state.max_load_factor();
  sink.put_number(load == 1 ? buckets : buckets | load_follows);
  if (load != 1) sink.put(&load, sizeof load);
}

template <class T>
void put_state(StateSink& sink, const T& state) {
  constexpr StateKind kind = state_kind<T>;
  if constexpr (is_plain_state<T>()) {
    sink.put(&state, sizeof state);
  } else if constexpr (kind == StateKind::optional) {
    sink.put_byte(state.has_value() ? 1 : 0);
    if (state) put_state(sink, *state);
  } else if constexpr (kind == StateKind::array) {
    for (const auto& element : state) put_state(sink, element);
  } else if constexpr (kind == StateKind::tuple ||
                       kind == StateKind::structure) {
    if (std::tuple_size_v<decltype(state_fields(state))> == 0) sink.put_byte(0);
    std::apply([&](const auto&... part) { (put_state(sink, part), ...); },
               state_fields(state));
  } else if constexpr (kind == StateKind::bits) {
    put_bits(sink, state);
  } else if constexpr (kind == StateKind::path) {
    put_text(sink, state.native());
  } else if constexpr (kind == StateKind::random) {
    put_random(sink, state);
  } else if constexpr (StateBlock<T>) {
    sink.put_number(state.size());
    sink.put(state.data(), state.size() * sizeof(typename T::value_type));
  } else {
    sink.put_number(state.size());
    if constexpr (kind == StateKind::hashed) put_buckets(sink, state);
    for (const auto& element : state) put_state(sink, element);
  }
}

template <class T>
void take_state(StateSource& source, T& state);

template <class T>
void take_keyed(StateSource& source, T& state) {
  const std::size_t size = source.take_count(least_state_size<StateItem<T>>());
  for (std::size_t i = 0; i < size; ++i) {
    StateItem<T> item{};
    take_state(source, item);
    state.emplace_hint(state.end(), std::move(item));
  }
  if (state.size() != size) refuse_state("it is damaged");
}

/// Tables put a new element before the others of its bucket: from the last to
/// the first they come into the order that they had.
template <class T>
void take_hashed(StateSource& source, T& state) {
  struct Held {  // a vector of bools has none
    StateItem<T> item{};
  };
  const std::size_t size = source.take_count(least_state_size<StateItem<T>>());
  const std::uint64_t number = source.take_number();
  const std::uint64_t buckets = number & ~load_follows;
  float load = 1;
  if (buckets != number) {
    source.take(&load, sizeof load);
    if (!(load > 0 && std::isfinite(load)) || load == 1)
      refuse_state("it is damaged");
  }
  if (buckets != kept_buckets<T>(buckets, size)) refuse_state("it is damaged");
  std::vector<Held> all(size);
  for (Held& held : all) take_state(source, held.item);
  // One by which there would be more buckets was set later, and adds none now.
  const auto room = static_cast<double>(buckets > 0 ? buckets : 1) * load;
  const bool is_later = static_cast<double>(size > 0 ? size : 1) > room;
  if (!is_later)
    state.max_load_factor(load);
  else if (buckets > 0)
    state.max_load_factor(static_cast<float>(size) + 64);
  if (buckets > 0) state.rehash(buckets);
  for (std::size_t i = size; i > 0; --i)
    state.emplace(std::move(all[i - 1].item));
  if (is_later) state.max_load_factor(load);
  if (state.size() != size) refuse_state("it is damaged");
}

/// Into a state as it is by default.
template <class T>
void take_state(StateSource& source, T& state) {
  constexpr StateKind kind = state_kind<T>;
  if constexpr (std::is_same_v<T, bool>) {
    state = source.take_flag();
  } else if constexpr (is_plain_state<T>()) {
    source.take(&state, sizeof state);
  } else if constexpr (kind == StateKind::optional) {
    if (source.take_flag()) take_state(source, state.emplace());
  } else if constexpr (kind == StateKind::array) {
    for (auto& element : state) take_state(source, element);
  } else if constexpr (kind == StateKind::tuple ||
                       kind == StateKind::structure) {
    if (std::tuple_size_v<decltype(state_fields(state))> == 0) source.take(1);
    std::apply([&](auto&... part) { (take_state(source, part), ...); },
               state_fields(state));
  } else if constexpr (kind == StateKind::bits) {
    take_bits(source, state);
  } else if constexpr (kind == StateKind::path) {
    state = std::string(source.take(source.take_count(1)));
  } else if constexpr (kind == StateKind::random) {
    auto in = state_stream(source.take(source.take_count(1)));
    if (!(in >> state)) refuse_state("it is damaged");
  } else if constexpr (kind == StateKind::hashed) {
    take_hashed(source, state);
  } else if constexpr (kind == StateKind::keyed) {
    take_keyed(source, state);
  } else {
    using Element = typename T::value_type;
    state.resize(source.take_count(least_state_size<Element>()));
    if constexpr (StateBlock<T>)
      source.take(state.data(), state.size() * sizeof(Element));
    else
      for (auto& element : state) take_state(source, element);
  }
}

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_STATE_BYTES_HPP
