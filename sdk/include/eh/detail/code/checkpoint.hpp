// The code of checkpoint.hpp.
#ifndef EH_DETAIL_CODE_CHECKPOINT_HPP
#define EH_DETAIL_CODE_CHECKPOINT_HPP

#include <bit>
#include <eh/detail/checkpoint.hpp>
#include <eh/detail/code/state_difference.hpp>

namespace eh EH_HIDDEN {
namespace detail {

EH_CODE std::uint64_t state_sum(std::string_view bytes, std::uint64_t sum) {
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

EH_CODE CheckpointParts checkpoint_parts(std::string_view file) {
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

[[noreturn]] EH_CODE void refuse_state_type(std::string_view was,
                                            std::string_view is) {
  refuse_state(tell_state_difference(was, is));
}

}  // namespace detail
}  // namespace EH_HIDDEN

#endif  // EH_DETAIL_CODE_CHECKPOINT_HPP
