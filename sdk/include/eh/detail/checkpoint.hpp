// A state as the bytes of a checkpoint file: a line that tells what follows,
// then the plain memory. It is read by the same program on the same kind of
// machine, so nothing is converted; a state of another type, or of another
// version of it, is refused.
#ifndef EH_DETAIL_CHECKPOINT_HPP
#define EH_DETAIL_CHECKPOINT_HPP

#include <concepts>
#include <cstdint>
#include <cstring>
#include <eh/detail/config.hpp>
#include <eh/reflect.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
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
inline constexpr bool is_vector = false;
template <class T, class A>
inline constexpr bool is_vector<std::vector<T, A>> = !std::is_same_v<T, bool>;

template <class T>
inline constexpr bool is_plain_state =
    std::is_trivially_copyable_v<T>&& std::is_default_constructible_v<T> &&
    !std::is_pointer_v<T>;

template <class T>
constexpr bool is_state() {
  if constexpr (is_vector<T>)
    return is_state<typename T::value_type>();
  else
    return is_plain_state<T> || std::is_same_v<T, std::string>;
}

/// What a checkpoint of this type is called in its first line.
template <class T>
std::string state_type() {
  if constexpr (is_vector<T>)
    return "std::vector<" + state_type<typename T::value_type>() + ">";
  else if constexpr (std::is_same_v<T, std::string>)
    return "std::string";
  else
    return std::string(type_name<T>()) + " of " + std::to_string(sizeof(T)) +
           " bytes";
}

/// What `static constexpr int checkpoint_version = 2;` in the state says.
template <class T>
StateVersion version_of() {
  if constexpr (is_vector<T>)
    return version_of<typename T::value_type>();
  else if constexpr (requires { StateVersion(T::checkpoint_version); })
    return StateVersion(T::checkpoint_version);
  else
    return {};
}

template <class T>
std::string state_text(const StateVersion& version) {
  std::string text = state_type<T>();
  if (!version.text().empty()) text += ", version " + version.text();
  return text;
}

inline void append_size(std::string& out, std::uint64_t size) {
  char bytes[sizeof size];
  std::memcpy(bytes, &size, sizeof size);
  out.append(bytes, sizeof size);
}

template <class T>
void append_state(std::string& out, const T& state) {
  if constexpr (is_plain_state<T>) {
    out.append(reinterpret_cast<const char*>(&state), sizeof state);
  } else if constexpr (std::is_same_v<T, std::string>) {
    append_size(out, state.size());
    out += state;
  } else {
    append_size(out, state.size());
    if constexpr (is_plain_state<typename T::value_type>)
      out.append(reinterpret_cast<const char*>(state.data()),
                 state.size() * sizeof(typename T::value_type));
    else
      for (const auto& element : state) append_state(out, element);
  }
}

[[noreturn]] inline void refuse_checkpoint(const std::string& reason) {
  throw std::runtime_error("cannot resume from the checkpoint: " + reason +
                           " (remove the file to start anew)");
}

inline void take_bytes(std::string_view& in, void* to, std::uint64_t size) {
  if (in.size() < size) refuse_checkpoint("the file is cut short");
  if (size > 0) std::memcpy(to, in.data(), size);
  in.remove_prefix(size);
}

template <class T>
void take_state(std::string_view& in, T& state) {
  if constexpr (is_plain_state<T>) {
    take_bytes(in, &state, sizeof state);
  } else {
    using Element = typename T::value_type;
    constexpr std::size_t least = is_plain_state<Element> ? sizeof(Element) : 8;
    std::uint64_t size = 0;
    take_bytes(in, &size, sizeof size);
    if (size > in.size() / least) refuse_checkpoint("the file is cut short");
    state.resize(size);
    if constexpr (is_plain_state<Element>)
      take_bytes(in, state.data(), size * sizeof(Element));
    else
      for (auto& element : state) take_state(in, element);
  }
}

template <class T>
std::string encode_checkpoint(const T& state, const StateVersion& version) {
  std::string out = "eh checkpoint 1: " + state_text<T>(version) + "\n";
  append_state(out, state);
  return out;
}

template <class T>
T decode_checkpoint(std::string_view in, const StateVersion& version) {
  constexpr std::string_view magic = "eh checkpoint 1: ";
  const std::size_t line = in.find('\n');
  if (in.substr(0, magic.size()) != magic || line == std::string_view::npos)
    refuse_checkpoint("the file is no checkpoint of this version");
  const std::string_view type = in.substr(magic.size(), line - magic.size());
  if (type != state_text<T>(version))
    refuse_checkpoint("it holds " + std::string(type) + " and not " +
                      state_text<T>(version));
  in.remove_prefix(line + 1);
  T state{};
  take_state(in, state);
  if (!in.empty()) refuse_checkpoint("the file is longer than its content");
  return state;
}

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_CHECKPOINT_HPP
