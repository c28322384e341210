// A checkpoint file: a line that tells the state's type and version, how many
// bytes follow and their checksum, and the bytes. It is read by the same
// program on the same kind of machine, so nothing is converted; a state of
// another type or version is refused, as is a file that is damaged.
#ifndef EH_DETAIL_CHECKPOINT_HPP
#define EH_DETAIL_CHECKPOINT_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <eh/detail/config.hpp>
#include <eh/detail/state_bytes.hpp>
#include <eh/detail/state_difference.hpp>
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
inline std::uint64_t state_sum(std::string_view bytes, std::uint64_t sum) {
  constexpr std::uint64_t odd = 0x9e3779b97f4a7c15u;    // 2^64 / golden ratio
  constexpr std::uint64_t other = 0xb504f333f9de6485u;  // 2^63.5
  constexpr std::size_t block = 4 * sizeof sum;
  std::uint64_t lanes[4] = {sum, sum + 1, sum + 2, sum + 3};
  const auto add = [&](const char* from) {
    std::uint64_t words[4];
    std::memcpy(words, from, sizeof words);
    for (int i = 0; i < 4; ++i)
      lanes[i] = std::rotl(lanes[i] ^ (words[i] * odd), 29) * other;
  };
  std::size_t at = 0;
  for (; bytes.size() - at >= block; at += block) add(bytes.data() + at);
  char rest[block] = {};
  if (at < bytes.size()) {
    std::memcpy(rest, bytes.data() + at, bytes.size() - at);
    add(rest);
  }
  sum = bytes.size();
  for (const std::uint64_t lane : lanes)
    sum = std::rotl((sum ^ lane) * odd, 29);
  return (sum ^ (sum >> 32)) * odd;
}

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

inline CheckpointParts checkpoint_parts(std::string_view file) {
  constexpr std::string_view cut = "it is cut short";
  if (file.substr(0, checkpoint_magic.size()) != checkpoint_magic)
    refuse_state(checkpoint_magic.starts_with(file)
                     ? std::string(cut)
                     : "it was written by another version of eh, or by "
                       "something else");
  const std::size_t end = file.find('\n');
  if (end == file.npos || file.size() - end - 1 < checkpoint_numbers)
    refuse_state(std::string(cut));
  const std::string_view line = file.substr(0, end + 1);
  std::uint64_t numbers[2];
  std::memcpy(numbers, file.data() + line.size(), sizeof numbers);
  const std::string_view bytes = file.substr(line.size() + sizeof numbers);
  if (bytes.size() < numbers[0]) refuse_state(std::string(cut));
  if (bytes.size() > numbers[0]) refuse_state("it is longer than its content");
  if (state_sum(bytes, state_sum(line, 0)) != numbers[1])
    refuse_state("it is damaged");
  return {line.substr(checkpoint_magic.size(),
                      line.size() - 1 - checkpoint_magic.size()),
          bytes};
}

/// Throws StateError if the file is not whole, or of another type or version.
template <class T>
void decode_checkpoint(std::string_view file, const StateVersion& version,
                       T& state) {
  const CheckpointParts parts = checkpoint_parts(file);
  const std::string wanted = state_text<T>(version);
  if (parts.text != wanted)
    refuse_state(tell_state_difference(parts.text, wanted));
  StateSource source(parts.bytes);
  take_state(source, state);
  if (!source.is_empty()) refuse_state("it is longer than its content");
}

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_CHECKPOINT_HPP
