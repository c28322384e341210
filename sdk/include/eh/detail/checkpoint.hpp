// A checkpoint file: a line that tells the state's type and version, how many
// bytes follow and their checksum, and the bytes. It is read by the same
// program on the same kind of machine, so nothing is converted; a state of
// another type or version is refused, as is a file that is damaged.
#ifndef EH_DETAIL_CHECKPOINT_HPP
#define EH_DETAIL_CHECKPOINT_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <eh/detail/config.hpp>
#include <eh/detail/state_bytes.hpp>
#include <eh/detail/state_type.hpp>
#include <string>
#include <string_view>

namespace eh EH_HIDDEN {
namespace detail {

/// What `static constexpr int checkpoint_version = 2;` in the state says.
template <class T>
StateVersion version_of() {
  if constexpr (requires { StateVersion(T::checkpoint_version); })
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

/// Four lanes of multiplications that do not wait for each other, for several
/// GB a second. Each step can be undone, so no change within one word goes
/// unseen, and is spread over many bits, so that none of the next word makes up
/// for it. It is not against those who mean harm.
EH_CODE std::uint64_t state_sum(std::string_view bytes, std::uint64_t sum);

inline constexpr std::string_view checkpoint_magic = "eh checkpoint 2: ";
inline constexpr std::size_t checkpoint_numbers = 2 * sizeof(std::uint64_t);

template <class T>
std::string encode_checkpoint(const T& state, const StateVersion& version) {
  const std::string line =
      std::string(checkpoint_magic) + state_text<T>(version) + "\n";
  StateSink count(nullptr);
  put_state(count, state);
  std::string out;
  out.reserve(line.size() + checkpoint_numbers + count.size());
  out += line;
  out.append(checkpoint_numbers, '\0');
  StateSink sink(&out);
  put_state(sink, state);
  const std::string_view bytes =
      std::string_view(out).substr(out.size() - sink.size());
  const std::uint64_t numbers[] = {sink.size(),
                                   state_sum(bytes, state_sum(line, 0))};
  std::memcpy(out.data() + line.size(), numbers, sizeof numbers);
  return out;
}

/// What a whole file holds: the state's type and version, and its bytes.
struct CheckpointParts {
  std::string_view text, bytes;
};

EH_CODE CheckpointParts checkpoint_parts(std::string_view file);

/// Throws what differs between two types of states with their versions.
[[noreturn]] EH_CODE void refuse_state_type(std::string_view was,
                                            std::string_view is);

/// Throws StateError if the file is not whole, or of another type or version.
template <class T>
void decode_checkpoint(std::string_view file, const StateVersion& version,
                       T& state) {
  const CheckpointParts parts = checkpoint_parts(file);
  const std::string wanted = state_text<T>(version);
  if (parts.text != wanted) refuse_state_type(parts.text, wanted);
  StateSource source(parts.bytes);
  take_state(source, state);
  if (!source.is_empty()) refuse_state("it is longer than its content");
}

}  // namespace detail
}  // namespace EH_HIDDEN

#if EH_DETAIL_CODE_HERE
#include <eh/detail/code/checkpoint.hpp>
#endif

#endif  // EH_DETAIL_CHECKPOINT_HPP
