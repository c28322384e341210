#include "codec.h"

namespace {

constexpr std::size_t longest = 128;

std::size_t run_at(std::string_view plain, std::size_t i) {
  std::size_t end = i + 1;
  while (end < plain.size() && end - i < longest && plain[end] == plain[i])
    ++end;
  return end - i;
}

}  // namespace

std::string run_length_compress(std::string_view plain) {
  std::string packed;
  for (std::size_t i = 0; i < plain.size();) {
    if (const std::size_t run = run_at(plain, i); run > 1) {
      packed += static_cast<char>(257 - run);
      packed += plain[i];
      i += run;
      continue;
    }
    std::size_t end = i + 1;
    while (end < plain.size() && end - i < longest && run_at(plain, end) < 3)
      ++end;
    packed += static_cast<char>(end - i - 1);
    packed += plain.substr(i, end - i);
    i = end;
  }
  return packed;
}

std::string run_length_decompress(std::string_view packed) {
  std::string plain;
  for (std::size_t i = 0; i < packed.size();) {
    const std::size_t head = static_cast<unsigned char>(packed[i++]);
    if (head < longest) {
      plain += packed.substr(i, head + 1);
      i += head + 1;
    } else {
      plain.append(257 - head, packed[i++]);
    }
  }
  return plain;
}
