#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "codec.h"

// A sequence is: number of literals, the literals, then length and distance of
// a match. Numbers have 7 bits in each byte, the lowest first. A length of 0
// ends the text.
namespace {

constexpr std::size_t window = 65535, shortest = 4, longest = 1024;
constexpr std::uint32_t none = 0xffffffff;
constexpr int hash_bits = 15;

void put(std::string& out, std::size_t number) {
  for (; number > 127; number >>= 7)
    out += static_cast<char>(128 | (number & 127));
  out += static_cast<char>(number);
}

std::size_t take(std::string_view& in) {
  std::size_t number = 0;
  for (int shift = 0;; shift += 7) {
    const std::size_t byte = static_cast<unsigned char>(in[0]);
    in.remove_prefix(1);
    number |= (byte & 127) << shift;
    if (byte < 128) return number;
  }
}

struct Match {
  std::size_t length = 0, distance = 0;
};

/// Finds earlier places with the same first bytes: for each hash the newest,
/// and for each place the one before it.
class Finder {
 public:
  explicit Finder(std::string_view plain)
      : plain_(plain),
        newest_(std::size_t{1} << hash_bits, none),
        before_(plain.size(), none) {}

  void add(std::size_t i) {
    if (i + shortest > plain_.size()) return;
    std::uint32_t& newest = newest_[hash(i)];
    before_[i] = newest;
    newest = static_cast<std::uint32_t>(i);
  }

  Match find(std::size_t i, int tries) const {
    Match best;
    if (i + shortest > plain_.size()) return best;
    const std::size_t limit = std::min(longest, plain_.size() - i);
    std::uint32_t from = newest_[hash(i)];
    while (from != none && i - from <= window && tries-- > 0) {
      std::size_t length = 0;
      while (length < limit && plain_[from + length] == plain_[i + length])
        ++length;
      if (length >= shortest && length > best.length) best = {length, i - from};
      from = before_[from];
    }
    return best;
  }

 private:
  std::size_t hash(std::size_t i) const {
    std::uint32_t bytes;
    std::memcpy(&bytes, plain_.data() + i, sizeof bytes);
    return (bytes * 2654435761u) >> (32 - hash_bits);
  }

  std::string_view plain_;
  std::vector<std::uint32_t> newest_, before_;
};

}  // namespace

std::string lz77_compress(int level, std::string_view plain) {
  Finder finder(plain);
  std::string packed;
  std::size_t literals = 0, i = 0;  // plain[literals, i) is not yet written
  while (i < plain.size()) {
    const Match match = finder.find(i, 1 << (level - 1));
    const std::size_t end = i + std::max<std::size_t>(match.length, 1);
    if (match.length > 0) {
      put(packed, i - literals);
      packed += plain.substr(literals, i - literals);
      put(packed, match.length);
      put(packed, match.distance);
      literals = end;
    }
    for (; i < end; ++i) finder.add(i);
  }
  put(packed, i - literals);
  packed += plain.substr(literals);
  put(packed, 0);
  return packed;
}

std::string lz77_decompress(std::string_view packed) {
  std::string plain;
  while (true) {
    const std::size_t literals = take(packed);
    plain += packed.substr(0, literals);
    packed.remove_prefix(literals);
    const std::size_t length = take(packed);
    if (length == 0) return plain;
    const std::size_t from = plain.size() - take(packed);
    for (std::size_t i = 0; i < length; ++i) plain += plain[from + i];
  }
}
